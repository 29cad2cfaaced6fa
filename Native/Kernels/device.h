// What a kernel may use: one source, two builds. clang makes PTX of it without CUDA's headers; g++ makes host code of it for the
// simulator, whose host.h, included before, stands in for the device.
#pragma once

typedef long long i64;
typedef unsigned char byte;

#if defined(__CUDA__)

#define DEVICE static inline __attribute__((device, always_inline))
// Every kernel runs in blocks of at most 256 threads, a multiple of 32.
#define KERNEL extern "C" __attribute__((global)) __attribute__((launch_bounds(256))) void
#define SHARED static __attribute__((shared))

DEVICE int thread_in_block() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int block_size() { return __nvvm_read_ptx_sreg_ntid_x(); }
DEVICE int block_index() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE int block_count() { return __nvvm_read_ptx_sreg_nctaid_x(); }
DEVICE void barrier() { __syncthreads(); }
DEVICE void add_atomically(unsigned* to, unsigned value) { __atomic_fetch_add(to, value, __ATOMIC_RELAXED); }
DEVICE float square_root(float x) { return __nvvm_sqrt_rn_f(x); }
DEVICE double square_root(double x) { return __nvvm_sqrt_rn_d(x); }

// A warp works on a run of neighbours: its number, and how many warps there are.
DEVICE i64 first_run() { return (i64)block_index() * (block_size() / 32) + thread_in_block() / 32; }
DEVICE i64 run_step() { return (i64)block_count() * (block_size() / 32); }

// function(lane) says four bits; store(w, bits) gets those of lanes 8 w to 8 w + 7, lane 8 w lowest. All 32 threads of a warp must come here.
template <class Function, class Store> DEVICE void words_of_run(Function function, Store store)
{
    int lane = __nvvm_read_ptx_sreg_laneid();
    unsigned bits = function(lane) << lane % 8 * 4;
    for (int apart = 1; apart < 8; apart *= 2)
        bits |= (unsigned)__nvvm_shfl_sync_bfly_i32(0xffffffffu, (int)bits, apart, 0x1f);
    if (lane % 8 == 0)
        store(lane / 8, bits);
}

#elif !defined(KERNEL)
#error "a host build includes its host.h before a kernel"
#endif

// Grid-stride loops: for (i64 i = first_item(); i < count; i += item_step()).
DEVICE i64 first_item() { return (i64)block_index() * block_size() + thread_in_block(); }
DEVICE i64 item_step() { return (i64)block_count() * block_size(); }

DEVICE float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }
DEVICE unsigned bits_of(float x) { return __builtin_bit_cast(unsigned, x); }
DEVICE float float_of(unsigned bits) { return __builtin_bit_cast(float, bits); }
DEVICE float infinity() { return float_of(0x7f800000u); }
DEVICE float not_a_number() { return float_of(0x7fc00000u); }
DEVICE bool is_number(float x) { return x == x; }
DEVICE int least(int a, int b) { return a < b ? a : b; }
DEVICE int greatest(int a, int b) { return a > b ? a : b; }

// a where a > b, else b.
DEVICE float greater_of(float a, float b) { return a > b ? a : b; }
