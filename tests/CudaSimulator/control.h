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

long cusim_calls(const char* entry);        // calls since the reset; null: of all entries
long cusim_live(int kind);                  // CusimKind; -1 for another number
long cusim_pageable_copies();               // asynchronous copies from or to memory that was not pinned
int cusim_check_guards();                   // blocks with a damaged guard band, found now
long cusim_pending();                       // pieces of work queued and not run

// Text, always ended by a zero; returns the bytes it needs without it. The log has one "thread entry" a line.
std::size_t cusim_report(char* text, std::size_t bytes);
std::size_t cusim_log(char* text, std::size_t bytes);

// A kernel of a test, found before those of the host build. It must outlive the reset.
void cusim_register_kernel(const KernelEntry* kernel);

}
