// What the simulator asks of the host build of Native/Kernels/*.cu: one look-up by entry name.
// The object files of Kernels/*.cpp define find_kernel; without any, kernels.cpp's weak one knows no kernel.
#pragma once

// Grid and block extents of one launch, and the bytes of dynamic shared memory.
struct LaunchShape {
    unsigned gridX, gridY, gridZ;
    unsigned blockX, blockY, blockZ;
    unsigned sharedBytes;
};

// One kernel of the host build. Loading a module refuses PTX whose entry of this name has another
// number of parameters or another size of any of them.
struct KernelEntry {
    const char* name;            // as in the PTX's .entry
    int parameters;
    const unsigned char* sizes;  // bytes of each parameter, in order

    // Runs every block of the launch and returns when the last thread is done. arguments[i] points at the
    // value of parameter i, copied when the launch was queued. One launch runs at a time.
    void (*run)(void** arguments, const LaunchShape& shape);
};

// The kernel of that name, or null. The entry and what it points at live as long as the process.
const KernelEntry* find_kernel(const char* name);
