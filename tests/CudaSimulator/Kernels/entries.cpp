// The kernels' own sources, compiled for the host, and the table of them.
#include "entries.h"
#include "host.h"
#include "launch.h"
#include <cstring>
#include "../../../Native/Kernels/relu.cu"
#include "../../../Native/Kernels/pooling.cu"

namespace
{
#define LOOPS(kernel) {#kernel, host::Entry<kernel, false>::count, host::Entry<kernel, false>::sizes, host::Entry<kernel, false>::run}
#define FIBERS(kernel) {#kernel, host::Entry<kernel, true>::count, host::Entry<kernel, true>::sizes, host::Entry<kernel, true>::run}

    const KernelEntry table[] = {
        LOOPS(piecewise_forward), LOOPS(bias_relu_forward), LOOPS(piecewise_backward),
        LOOPS(max_pool_forward), LOOPS(max_pool_backward), LOOPS(max_pool_backward_centres), LOOPS(taps_to_switches), LOOPS(switches_to_taps),
        LOOPS(average_pool_forward), LOOPS(average_pool_backward),
    };
}

const KernelEntry* all_kernels(int* count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

const KernelEntry* find_kernel(const char* name)
{
    for (const KernelEntry& entry : table)
    {
        if (std::strcmp(entry.name, name) == 0)
            return &entry;
    }

    return nullptr;
}
