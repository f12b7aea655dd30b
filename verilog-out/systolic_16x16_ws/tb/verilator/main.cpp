// Testbench of systolic_16x16_ws, a 16 x 16 matrix unit (ws). Written by Systole 0.1.0.
//
//   usage: systolic_16x16_ws_tb [--trace FILE] [--vcd FILE] DIR ...
//
// DIR holds act.txt, weight.txt, psum.txt (one beat a line), run.txt (seeds, stalls and lengths) and expected.txt
// (every output in every cycle). The options hold for the next DIR only: --trace writes what the unit did in the
// format of expected.txt, --vcd writes waves if the model was built with them. Each DIR starts with a reset of a new
// unit whose registers hold random values.
//
// Exit code: 0 all runs pass; 1 an output differs; 2 vectors or arguments that cannot be used.
//
// Inputs change on the falling edge of clk. Outputs are compared just before the rising edge, when all has settled.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "Vsystolic_16x16_ws.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

namespace {

using Model = Vsystolic_16x16_ws;

constexpr int kActBits = 128;
constexpr int kWeightBits = 128;
constexpr int kSumBits = 512;
constexpr int kWordBits = 32;
constexpr int kResetCycles = 2;

// Bits of the first field of expected.txt.
constexpr unsigned kActReady = 1, kWeightReady = 2, kPsumReady = 4, kOutValid = 8, kOutLast = 16;
const char* const kFlagNames[] = {"act_ready", "weight_ready", "psum_ready", "out_valid", "out_last"};

// Vectors that are missing, too short or made for another unit.
struct InputError {
    std::string message;
};

// ---------------------------------------------------------------------------------------------------------- ports
// A port of Verilator is an integer of 8, 16, 32 or 64 bits, or an array of 32-bit words when it is wider. The
// testbench uses arrays of words for all of them, lowest word first, bits above the port's width zero.

template <int kBits>
using Words = std::array<uint32_t, (kBits + 31) / 32>;

template <int kBits>
Words<kBits> allOnes() {
    Words<kBits> words;
    words.fill(0xffffffffu);
    if (kBits % 32 != 0) words.back() >>= 32 - kBits % 32;
    return words;
}

template <typename Port, std::size_t kWords>
void drive(Port& port, const std::array<uint32_t, kWords>& words) {
    uint64_t value = words.front();
    if (kWords > 1) value |= static_cast<uint64_t>(words.back()) << 32;
    port = static_cast<Port>(value);
}

template <std::size_t kPortWords, std::size_t kWords>
void drive(VlWide<kPortWords>& port, const std::array<uint32_t, kWords>& words) {
    static_assert(kPortWords == kWords, "the port has another width than this testbench was written for");
    for (std::size_t i = 0; i < kWords; ++i) port[i] = words[i];
}

template <typename Port, std::size_t kWords>
void sample(const Port& port, std::array<uint32_t, kWords>& words) {
    words.front() = static_cast<uint32_t>(port);
    if (kWords > 1) words.back() = static_cast<uint32_t>(static_cast<uint64_t>(port) >> 32);
}

template <std::size_t kPortWords, std::size_t kWords>
void sample(const VlWide<kPortWords>& port, std::array<uint32_t, kWords>& words) {
    static_assert(kPortWords == kWords, "the port has another width than this testbench was written for");
    for (std::size_t i = 0; i < kWords; ++i) words[i] = port[i];
}

// --------------------------------------------------------------------------------------------------- vector files

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A text file of lines with fields separated by blanks. Errors name the file and the line.
class VectorFile {
public:
    VectorFile(const std::string& directory, const char* name)
        : path_(directory + "/" + name)
        , stream_(path_) {
        if (!stream_) throw InputError{path_ + ": cannot be opened"};
    }

    void nextLine() {
        ++number_;
        position_ = 0;
        if (!std::getline(stream_, line_)) fail("the file ends here; run.txt announces more lines");
    }

    template <std::size_t kWords>
    void readHex(std::array<uint32_t, kWords>& words, int bits) {
        const std::string field = nextField();
        if (static_cast<int>(field.size()) != (bits + 3) / 4) {
            fail(std::to_string((bits + 3) / 4) + " hexadecimal digits expected, found " + std::to_string(field.size()));
        }
        words.fill(0);
        for (std::size_t i = 0; i < field.size(); ++i) {
            const int digit = hexDigit(field[field.size() - 1 - i]);
            if (digit < 0) fail("not a hexadecimal number: " + field);
            words[i / 8] |= static_cast<uint32_t>(digit) << (4 * (i % 8));
        }
    }

    uint64_t readNumber(uint64_t most, int base = 10) {
        const std::string field = nextField();
        char* end = nullptr;
        const uint64_t value = std::strtoull(field.c_str(), &end, base);
        if (field.empty() || hexDigit(field[0]) < 0 || *end != '\0' || value > most) {
            fail("a number of 0 to " + std::to_string(most) + " expected, found '" + field + "'");
        }
        return value;
    }

    void skipField() { nextField(); }

private:
    std::string nextField() {
        const char* const kBlanks = " \t\r";
        const std::size_t begin = std::min(line_.find_first_not_of(kBlanks, position_), line_.size());
        position_ = std::min(line_.find_first_of(kBlanks, begin), line_.size());
        return line_.substr(begin, position_ - begin);
    }

    [[noreturn]] void fail(const std::string& message) const {
        throw InputError{path_ + ":" + std::to_string(number_) + ": " + message};
    }

    std::string path_;
    std::ifstream stream_;
    std::string line_;
    std::size_t position_ = 0;
    uint64_t number_ = 0;
};

// -------------------------------------------------------------------------------------------------------- streams

// Decides in every cycle whether a stream may move: xorshift32 with the shifts 13, 17, 5; open while the top byte
// has reached the threshold.
struct Gate {
    uint32_t state = 1;
    uint32_t threshold = 0;

    bool step() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return (state >> 24) >= threshold;
    }
};

// run.txt: the initial state of each gate, its threshold, the beats of each stream, and the cycles.
struct Run {
    std::array<Gate, 4> gates;
    std::array<uint64_t, 4> beats;
    uint64_t cycles;

    explicit Run(const std::string& directory) {
        VectorFile file(directory, "run.txt");
        file.nextLine();
        for (Gate& gate : gates) gate.state = static_cast<uint32_t>(file.readNumber(0xffffffffu));
        for (Gate& gate : gates) gate.threshold = static_cast<uint32_t>(file.readNumber(255));
        for (uint64_t& count : beats) count = file.readNumber(UINT64_MAX);
        cycles = file.readNumber(UINT64_MAX);
    }
};

// A valid/ready source. A beat that has been offered stays until it is taken; between beats the payload is all ones,
// so that a unit that looks at it shows.
template <int kBits, bool kHasFlags>
class Source {
public:
    Source(const std::string& directory, const char* name, const Gate& gate, uint64_t beats)
        : file_(directory, name)
        , gate_(gate)
        , left_(beats) {}

    // Begins a cycle.
    void offer() {
        const bool open = gate_.step();
        if (valid || left_ == 0 || !open) return;
        valid = true;
        file_.nextLine();
        file_.readHex(data, kBits);
        if (kHasFlags) {
            last = file_.readNumber(1) != 0;
            accumulate = file_.readNumber(1) != 0;
        }
    }

    // Ends a cycle.
    void finish(bool ready) {
        if (!valid || !ready) return;
        --left_;
        valid = false;
        last = accumulate = true;
        data = allOnes<kBits>();
    }

    bool valid = false;
    bool last = true;
    bool accumulate = true;
    Words<kBits> data = allOnes<kBits>();

private:
    VectorFile file_;
    Gate gate_;
    uint64_t left_;
};

// ------------------------------------------------------------------------------------------------------------ run

struct Options {
    std::string directory;
    std::string trace;
    std::string vcd;
};

// The unit with its clock.
class Bench {
public:
    Bench(const Options& options, uint32_t seed) {
        context_.randReset(2);
        context_.randSeed(static_cast<int>(seed & 0x7fffffff) | 1);
        if (!options.vcd.empty()) context_.traceEverOn(true);
        model = std::make_unique<Model>(&context_);
#if VM_TRACE
        if (!options.vcd.empty()) {
            waves_ = std::make_unique<VerilatedVcdC>();
            model->trace(waves_.get(), 99);
            waves_->open(options.vcd.c_str());
            if (!waves_->isOpen()) throw InputError{options.vcd + ": cannot be written"};
        }
#else
        if (!options.vcd.empty()) throw InputError{"--vcd needs a model built with verilator --trace"};
#endif
    }

    ~Bench() {
#if VM_TRACE
        if (waves_) waves_->close();
#endif
        model->final();
    }

    // Half a clock cycle: inputs have been set, outputs settle.
    void half(bool clk) {
        model->clk = clk;
        model->eval();
#if VM_TRACE
        if (waves_) waves_->dump(context_.time());
#endif
        context_.timeInc(5);
    }

private:
    VerilatedContext context_;
#if VM_TRACE
    std::unique_ptr<VerilatedVcdC> waves_;
#endif

public:
    std::unique_ptr<Model> model;
};

using CFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

CFile openTrace(const std::string& path) {
    CFile file(path.empty() ? nullptr : std::fopen(path.c_str(), "w"), std::fclose);
    if (!path.empty() && !file) throw InputError{path + ": cannot be written"};
    return file;
}

void writeTrace(std::FILE* file, unsigned flags, const Words<kSumBits>& sums) {
    std::fprintf(file, "%02x ", flags);
    if ((flags & kOutValid) == 0) std::fputc('0', file);
    for (std::size_t i = sums.size(); i-- > 0 && (flags & kOutValid) != 0;) std::fprintf(file, "%08x", sums[i]);
    std::fputc('\n', file);
}

// Whether the run passes. Stops at the first difference.
bool run(const Options& options) {
    Run run(options.directory);
    Source<kActBits, true> act(options.directory, "act.txt", run.gates[0], run.beats[0]);
    Source<kWeightBits, false> weight(options.directory, "weight.txt", run.gates[1], run.beats[1]);
    Source<kSumBits, false> psum(options.directory, "psum.txt", run.gates[2], run.beats[2]);
    VectorFile expected(options.directory, "expected.txt");
    const CFile trace = openTrace(options.trace);
    Bench bench(options, run.gates[0].state);
    Model& unit = *bench.model;
    uint64_t outBeats = 0;

    const auto driveInputs = [&](bool rst, bool outReady) {
        unit.rst = rst;
        unit.act_valid = act.valid;
        drive(unit.act_data, act.data);
        unit.act_last = act.last;
        unit.act_accumulate = act.accumulate;
        unit.weight_valid = weight.valid;
        drive(unit.weight_data, weight.data);
        unit.psum_valid = psum.valid;
        drive(unit.psum_data, psum.data);
        unit.out_ready = outReady;
    };

    driveInputs(true, true);
    for (int i = 0; i < kResetCycles; ++i) {
        bench.half(false);
        bench.half(true);
    }
    for (uint64_t cycle = 0; cycle < run.cycles; ++cycle) {
        act.offer();
        weight.offer();
        psum.offer();
        driveInputs(false, run.gates[3].step());
        bench.half(false);

        unsigned flags = 0;
        if (unit.act_ready) flags |= kActReady;
        if (unit.weight_ready) flags |= kWeightReady;
        if (unit.psum_ready) flags |= kPsumReady;
        if (unit.out_valid) flags |= kOutValid;
        if (unit.out_valid && unit.out_last) flags |= kOutLast;
        Words<kSumBits> sums;
        sample(unit.out_data, sums);
        if (trace) writeTrace(trace.get(), flags, sums);

        expected.nextLine();
        const unsigned wanted = static_cast<unsigned>(expected.readNumber(31, 16));
        for (unsigned bit = 0; bit < 5; ++bit) {
            if (((flags ^ wanted) >> bit & 1) == 0) continue;
            std::printf("FAIL: cycle %llu, %s: expected %u, actual %u (%s)\n", static_cast<unsigned long long>(cycle),
                        kFlagNames[bit], wanted >> bit & 1, flags >> bit & 1, options.directory.c_str());
            return false;
        }
        if ((wanted & kOutValid) != 0) {
            Words<kSumBits> wantedSums;
            expected.readHex(wantedSums, kSumBits);
            for (std::size_t word = 0; word < sums.size(); ++word) {
                if (sums[word] == wantedSums[word]) continue;
                std::printf("FAIL: cycle %llu, out_data[%d:%d]: expected %d, actual %d (%s)\n",
                            static_cast<unsigned long long>(cycle), std::min(kWordBits * (static_cast<int>(word) + 1), kSumBits) - 1,
                            kWordBits * static_cast<int>(word), static_cast<int32_t>(wantedSums[word]),
                            static_cast<int32_t>(sums[word]), options.directory.c_str());
                return false;
            }
        }

        act.finish(unit.act_ready);
        weight.finish(unit.weight_ready);
        psum.finish(unit.psum_ready);
        if (unit.out_valid && unit.out_ready) ++outBeats;
        bench.half(true);
    }
    if (outBeats != run.beats[3]) {
        throw InputError{options.directory + "/run.txt: announces " + std::to_string(run.beats[3]) +
                         " output beats, expected.txt holds " + std::to_string(outBeats)};
    }
    std::printf("PASS: %llu cycles, %llu output beats\n", static_cast<unsigned long long>(run.cycles),
                static_cast<unsigned long long>(outBeats));
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        Options options;
        bool any = false;
        for (int i = 1; i < argc; ++i) {
            const std::string argument = argv[i];
            if (argument == "--trace" || argument == "--vcd") {
                if (i + 1 == argc) throw InputError{argument + " needs a file name"};
                (argument == "--trace" ? options.trace : options.vcd) = argv[++i];
                continue;
            }
            options.directory = argument;
            if (!run(options)) return 1;
            std::fflush(stdout);
            options = Options{};
            any = true;
        }
        if (!any) throw InputError{"no vector directory; usage: systolic_16x16_ws_tb [--trace FILE] [--vcd FILE] DIR ..."};
    } catch (const InputError& error) {
        std::fprintf(stderr, "error: %s\n", error.message.c_str());
        return 2;
    }
    return 0;
}
