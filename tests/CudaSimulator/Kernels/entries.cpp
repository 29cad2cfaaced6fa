// The kernels' own sources, compiled for the host, and the table of them.
#include "entries.h"
#include "host.h"
#include "launch.h"
#include <cstring>
#include "../../../Native/Kernels/relu.cu"
#include "../../../Native/Kernels/pooling.cu"
#include "../../../Native/Kernels/lrn.cu"
#include "../../../Native/Kernels/softmax.cu"
#include "../../../Native/Kernels/elementwise.cu"
#include "../../../Native/Kernels/instance_norm.cu"
#include "../../../Native/Kernels/bias.cu"
#include "../../../Native/Kernels/means.cu"
#include "../../../Native/Kernels/arrays.cu"
#include "../../../Native/Kernels/reductions.cu"
#include "../../../Native/Kernels/priors.cu"
#include "../../../Native/Kernels/preimage.cu"
#include "../../../Native/Kernels/warp.cu"
#include "../../../Native/Kernels/orientation.cu"
#include "../../../Native/Kernels/training.cu"

#include "../../../Native/Kernels/draws.cu"

namespace
{
#define LOOPS(kernel) {#kernel, host::Entry<kernel, false>::count, host::Entry<kernel, false>::sizes, host::Entry<kernel, false>::run}
#define FIBERS(kernel) {#kernel, host::Entry<kernel, true>::count, host::Entry<kernel, true>::sizes, host::Entry<kernel, true>::run}

    const KernelEntry table[] = {
        LOOPS(piecewise_forward), LOOPS(bias_relu_forward), LOOPS(piecewise_backward),
        LOOPS(max_pool_forward), LOOPS(max_pool_backward), LOOPS(max_pool_backward_centres), LOOPS(taps_to_switches), LOOPS(switches_to_taps),
        LOOPS(average_pool_forward), LOOPS(average_pool_backward),
        LOOPS(lrn_forward), LOOPS(lrn_backward_terms), LOOPS(lrn_backward),
        FIBERS(softmax_forward), FIBERS(softmax_backward),
        LOOPS(smooth_forward), LOOPS(smooth_backward), LOOPS(channel_affine), LOOPS(fill), LOOPS(scale), LOOPS(axpy),
        LOOPS(broadcast_forward), FIBERS(broadcast_backward),
        FIBERS(instance_norm_forward), FIBERS(instance_norm_backward), FIBERS(instance_norm_parameters),
        LOOPS(add_bias), FIBERS(channel_sums), FIBERS(axes_mean_forward), LOOPS(axes_mean_backward),
        LOOPS(strided_copy), LOOPS(indexed_copy), LOOPS(indexed_copy_backward), LOOPS(resample_axis),
        FIBERS(sum_chunks), FIBERS(sum_rows), FIBERS(extreme_chunks), FIBERS(extreme_rows), LOOPS(rank_count), LOOPS(rank_choose),
        FIBERS(variation_energy), LOOPS(variation_gradient), FIBERS(range_energy), LOOPS(range_gradient),
        LOOPS(advance), LOOPS(jitter_crop), LOOPS(jitter_crop_backward), LOOPS(masked_residual), LOOPS(add_repeated), LOOPS(add_scaled_rows), LOOPS(inverse_roots),
        LOOPS(preimage_step), LOOPS(adam_step), LOOPS(sign_step), LOOPS(note_energies), LOOPS(keep_lowest), LOOPS(note_lowest), LOOPS(warp), LOOPS(warp_backward),
        LOOPS(orientation_forward), LOOPS(orientation_backward), LOOPS(block_norm_forward), LOOPS(block_norm_backward),
        FIBERS(softmax_loss), LOOPS(descent_step), LOOPS(adagrad_step), LOOPS(norm_factors),
        LOOPS(draw_elements), LOOPS(drawn_along), LOOPS(drawn_across),
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
