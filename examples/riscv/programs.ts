// Programs to run.

/** Gives the primes below 200 to the host, by a sieve of bytes. */
export const PRIMES = `
        lui   s0, 0x80000        # the host
        la    s1, sieve          # a byte for each number: 1 when it is no prime
        li    s2, 200
        li    t0, 2
next:   add   t1, s1, t0
        lbu   t2, (t1)
        bnez  t2, skip
        sw    t0, (s0)
        add   t3, t0, t0
strike: bgeu  t3, s2, skip
        add   t1, s1, t3
        li    t2, 1
        sb    t2, (t1)
        add   t3, t3, t0
        j     strike
skip:   addi  t0, t0, 1
        bltu  t0, s2, next
        ecall
        .align 2
sieve:  .space 200
`;

/** Sorts half-words by insertion and gives them to the host. */
export const SORT = `
        la    a0, data
        li    a1, 12             # how many
        li    t0, 1
outer:  slli  t1, t0, 1
        add   t1, a0, t1         # where the one that is inserted stands
        lh    t2, (t1)
inner:  beq   t1, a0, put
        lh    t3, -2(t1)
        ble   t3, t2, put
        sh    t3, (t1)
        addi  t1, t1, -2
        j     inner
put:    sh    t2, (t1)
        addi  t0, t0, 1
        blt   t0, a1, outer
        lui   s0, 0x80000
show:   lh    t2, (a0)
        sw    t2, (s0)
        addi  a0, a0, 2
        addi  a1, a1, -1
        bnez  a1, show
        ecall
data:   .half 42, -7, 300, 0, -32768, 9, 8, 32767, -7, 1, 256, -1
`;
