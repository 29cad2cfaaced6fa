// The simulator's own controls, beside the libraries' entry points; a program finds out by cusim_is_simulator
// that nothing here may be timed.
#pragma once
#include <cstddef>
#include "kernels.h"

// What cusim_live counts.
enum CusimKind {
    CUSIM_DEVICE_MEMORY = 0,        // blocks
    CUSIM_STREAMS = 1,
    CUSIM_MODULES = 2,
    CUSIM_PRIMARY_CONTEXTS = 3,     // retained references over all devices
    CUSIM_EVENTS = 4,
    CUSIM_GRAPHS = 5,
    CUSIM_GRAPH_EXECS = 6,
    CUSIM_POOLS = 7,                // made by cuMemPoolCreate
    CUSIM_HOST_MEMORY = 8,          // pinned or registered blocks
    CUSIM_CONTEXTS = 9,             // made by cuCtxCreate
    CUSIM_BLAS_HANDLES = 10,
    CUSIM_DNN_HANDLES = 11,
    CUSIM_DNN_DESCRIPTORS = 12,
    CUSIM_KINDS = 13,
};

// What cuDNN is seen, or allowed, to do at times; added up.
enum CusimManner : unsigned {
    CUSIM_OFFERS_DEFAULT_MATH = 1,      // queries answer CUDNN_DEFAULT_MATH, whatever the descriptor says
    CUSIM_ROUNDS_TO_TF32 = 2,           // factors are rounded to 10 bits of fraction unless the descriptor says CUDNN_FMA_MATH
    CUSIM_OFFERS_WHAT_FAILS = 4,        // the precomputed forward algorithm and the non-fused Winograd ones are offered and refuse to run
    CUSIM_WORKSPACE_GROWS = 8,          // the workspace asked for again is twice what the offer said, and all of it is needed
    CUSIM_DETERMINISM_UNKNOWN = 16,     // offers say -1
    CUSIM_OFFERS_NOTHING = 32,          // queries succeed and give no offer
    CUSIM_OFFERS_FEW = 64,              // no more than two offers
    CUSIM_FUSED_REFUSES = 128,          // cudnnConvolutionBiasActivationForward is not supported
    CUSIM_FUSED_DROPS_NAN = 256,        // its ReLU makes not-a-number zero, whatever the descriptor says
    CUSIM_FUSED_READS_ADDEND = 512,     // it multiplies z by an alpha2 of 0
};

extern "C" {

// Always 1; a real library has no such entry.
int cusim_is_simulator();

// A fresh machine: everything freed, one device of 8 GiB, lazy, no faults, no counts. No call may be running.
void cusim_reset();

void cusim_devices(int count);              // 0 to 8; before the first cuInit
void cusim_memory(std::size_t bytes);       // of each device
void cusim_driver(int version);             // what the driver says it is: 12040 is 12.4; 13000
void cusim_capability(int major, int minor);  // of each device; 9.0
void cusim_lenient(int lenient);            // 1: the kinder answer where drivers differ, see README.md
void cusim_eager(int eager);                // 1: work runs in the call that queues it

// The nth call of the entry from now on (0: every one) returns the code, in the library's own numbers, and does
// nothing. The late form lets the call succeed and the work it queues fail. Code 0 takes the fault away.
void cusim_fault(const char* entry, long nth, int code);
void cusim_fault_late(const char* entry, long nth, int code);
long cusim_fault_fired(const char* entry);  // how often, or -1 if none was set

void cusim_dnn_manners(unsigned manners);   // CusimManner added up, until the reset

long cusim_calls(const char* entry);        // calls since the reset; null: of all entries
long cusim_live(int kind);                  // CusimKind; -1 for another number
long cusim_pageable_copies();               // asynchronous copies from or to memory that was not pinned
int cusim_check_guards();                   // blocks with a damaged guard band, found now
long cusim_pending();                       // pieces of work queued and not run

// Text, always ended by a zero; returns the bytes it needs without it. The log has one "thread entry" a line.
std::size_t cusim_report(char* text, std::size_t bytes);
std::size_t cusim_log(char* text, std::size_t bytes);

// Kernels run from the PTX that ships instead of their host build: 0 no, 1 yes, 2 with blocks and warps last to first. Findings of
// its checks kill the launch and are in the report. At the start and after a reset it is what CUSIM_PTX says, or 0.
void cusim_ptx(int mode);

// What launches from PTX came to since the process began or all was forgotten: how many of an entry; a table of counts, which is also
// written at the end of the process into the file that CUSIM_PTX_COUNTS names.
long cusim_ptx_launches(const char* entry);
std::size_t cusim_ptx_counts(char* text, std::size_t bytes);
void cusim_ptx_forget();

// A kernel of a test, found before those of the host build. It must outlive the reset.
void cusim_register_kernel(const KernelEntry* kernel);

}
