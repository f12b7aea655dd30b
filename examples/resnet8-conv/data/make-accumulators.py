"""Direct convolution of the layer in this folder: the independent reference of the int32 accumulators.

Writes accumulators.bin: int32, little endian, [output row * output width + output column, output channel],
    accumulator = bias[o] + sum over ky, kx, c of (input - input zero point) * weight,
where a tap outside the picture adds nothing. No im2col, no zero-point folding: it shares no step with the lowering it checks.
Before writing, it requantises the accumulators and requires output-double.bin byte for byte (exit code 1 otherwise).

Usage:  python3 make-accumulators.py           write accumulators.bin
        python3 make-accumulators.py --check   compare with the existing accumulators.bin, write nothing
Reads only files of this folder; Python 3 standard library only. Refuses anything but batch 1, SAME, RELU, dilation 1.
"""

import array
import json
import pathlib
import struct
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
TWO_30, TWO_31 = 1 << 30, 1 << 31


def int8s(name):
    return array.array("b", (FOLDER / name).read_bytes())


def high_multiply(x, m):
    """gemmlowp SaturatingRoundingDoublingHighMul, its sign-dependent nudge and truncating division written out."""
    if x == m == -TWO_31:
        return TWO_31 - 1
    product = x * m
    nudged = product + (TWO_30 if product >= 0 else 1 - TWO_30)
    return nudged // TWO_31 if nudged >= 0 else -(-nudged // TWO_31)


def rounding_divide(x, exponent):
    """x / 2**exponent, nearest, ties away from zero."""
    magnitude = (abs(x) + ((1 << exponent) >> 1)) >> exponent
    return magnitude if x >= 0 else -magnitude


def same_padding(size, out, kernel, stride):
    return max((out - 1) * stride + kernel - size, 0) // 2


def convolve(layer):
    batch, height, width, channels = layer["input"]["shape"]
    out_channels, kernel_h, kernel_w, _ = layer["weights"]["shape"]
    _, out_h, out_w, _ = layer["output"]["shape"]
    stride_h, stride_w = layer["stride"]
    if batch != 1 or layer["padding"] != "SAME" or layer["dilation"] != [1, 1] or layer["activation"] != "RELU":
        sys.exit("layer.json: only batch 1, SAME padding, dilation 1 and RELU are implemented here")
    picture, weights = int8s("input.bin"), int8s("weights.bin")
    bias = struct.unpack(f"<{out_channels}i", (FOLDER / "bias.bin").read_bytes())
    zero_point = layer["input"]["zeroPoint"]
    top = same_padding(height, out_h, kernel_h, stride_h)
    left = same_padding(width, out_w, kernel_w, stride_w)
    sums = []
    for oy in range(out_h):
        for ox in range(out_w):
            for o in range(out_channels):
                total = bias[o]
                for ky in range(kernel_h):
                    for kx in range(kernel_w):
                        y, x = oy * stride_h - top + ky, ox * stride_w - left + kx
                        if not (0 <= y < height and 0 <= x < width):
                            continue
                        for c in range(channels):
                            value = picture[(y * width + x) * channels + c]
                            weight = weights[((o * kernel_h + ky) * kernel_w + kx) * channels + c]
                            total += (value - zero_point) * weight
                sums.append(total)
    return sums


def requantise(layer, sums):
    zero_point = layer["output"]["zeroPoint"]
    channels = len(layer["multiplier"])
    low = max(-128, zero_point)  # RELU: real zero is the zero point
    result = array.array("b")
    for i, total in enumerate(sums):
        shift = layer["shift"][i % channels]
        high = high_multiply(total << max(shift, 0), layer["multiplier"][i % channels])
        result.append(min(max(rounding_divide(high, max(-shift, 0)) + zero_point, low), 127))
    return result


def main():
    layer = json.loads((FOLDER / "layer.json").read_text())
    sums = convolve(layer)
    data = struct.pack(f"<{len(sums)}i", *sums)  # raises if a sum left int32
    wrong = sum(a != b for a, b in zip(requantise(layer, sums), int8s("output-double.bin"), strict=True))
    if wrong:
        sys.exit(f"{wrong} of {len(sums)} requantised values differ from output-double.bin")
    target = FOLDER / "accumulators.bin"
    if "--check" in sys.argv[1:]:
        if target.read_bytes() != data:
            sys.exit("accumulators.bin differs from the direct convolution")
        print(f"accumulators.bin: {len(sums)} sums agree; requantised they are output-double.bin")
    else:
        target.write_bytes(data)
        print(f"accumulators.bin: {len(sums)} sums written, {min(sums)} to {max(sums)}; requantised they are output-double.bin")


if __name__ == "__main__":
    main()
