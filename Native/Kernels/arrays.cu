// Moving elements: strided copies (slice, transpose, parts of a concatenation and their ways back), copies through tables of indices (padding
// of every mode and its adjoint), and resizing by tables of taps. One thread per element of the result.
#include "device.h"

// to[i . toStrides] = from[i . fromStrides] over four axes, or added to what is there; the pointers stand at the first element.
KERNEL strided_copy(const float* from, float* to, int accumulates, int e0, int e1, int e2, int e3, i64 f0, i64 f1, i64 f2, i64 f3, i64 t0, i64 t1,
    i64 t2, i64 t3)
{
    i64 elements = (i64)e0 * e1 * e2 * e3;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        i64 rest = i / e3, i3 = i % e3, i2 = rest % e2, i1 = rest / e2 % e1, i0 = rest / e2 / e1;
        float value = from[i0 * f0 + i1 * f1 + i2 * f2 + i3 * f3];
        i64 at = i0 * t0 + i1 * t1 + i2 * t2 + i3 * t3;
        to[at] = accumulates ? to[at] + value : value;
    }
}

DEVICE i64 entry(const int* table, i64 i) { return table ? table[i] : i; }

// larger[i, j, k, l] = smaller[t0[i], t1[j], t2[k], t3[l]], or the constant where an entry is -1. A null table maps every index to itself.
// e0..e3 are the extents of the larger array, s1..s3 those of the smaller.
KERNEL indexed_copy(const float* smaller, float* larger, const int* t0, const int* t1, const int* t2, const int* t3, int e0, int e1, int e2, int e3,
    int s1, int s2, int s3, float constant)
{
    i64 elements = (i64)e0 * e1 * e2 * e3;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        i64 rest = i / e3;
        i64 i3 = entry(t3, i % e3), i2 = entry(t2, rest % e2), i1 = entry(t1, rest / e2 % e1), i0 = entry(t0, rest / e2 / e1);
        bool inside = i0 >= 0 && i1 >= 0 && i2 >= 0 && i3 >= 0;
        larger[i] = inside ? smaller[((i0 * s1 + i1) * s2 + i2) * s3 + i3] : constant;
    }
}

// One axis of a table turned round: the larger array's indices that name index i of the smaller, ascending, are indices[starts[i]] up to
// starts[i + 1]. Without starts every index names itself.
struct Namesakes
{
    const int* indices;
    int first, end;
};

DEVICE Namesakes namesakes(const int* starts, const int* indices, i64 i)
{
    if (!starts)
        return {nullptr, (int)i, (int)i + 1};
    return {indices, starts[i], starts[i + 1]};
}

// The adjoint of indexed_copy: each element of the smaller array adds up, from +0 and in row-major order, the signals of the elements that
// were copied from it. s0..s3 are the extents of the smaller array, e1..e3 those of the larger.
KERNEL indexed_copy_backward(const float* larger, float* smaller, const int* starts0, const int* indices0, const int* starts1, const int* indices1,
    const int* starts2, const int* indices2, const int* starts3, const int* indices3, int s0, int s1, int s2, int s3, int e1, int e2, int e3)
{
    i64 elements = (i64)s0 * s1 * s2 * s3;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        i64 rest = i / s3;
        Namesakes n0 = namesakes(starts0, indices0, rest / s2 / s1), n1 = namesakes(starts1, indices1, rest / s2 % s1);
        Namesakes n2 = namesakes(starts2, indices2, rest % s2), n3 = namesakes(starts3, indices3, i % s3);
        float sum = 0;
        for (int a = n0.first; a < n0.end; a++)
        for (int b = n1.first; b < n1.end; b++)
        for (int c = n2.first; c < n2.end; c++)
        for (int d = n3.first; d < n3.end; d++)
            sum = sum + larger[((entry(n0.indices, a) * e1 + entry(n1.indices, b)) * e2 + entry(n2.indices, c)) * e3 + entry(n3.indices, d)];
        smaller[i] = sum;
    }
}

// One axis of a resize over [outer][inputLength][inner]: output o is a chain of fused multiply-adds from +0 over weights[t] and indices[t], t
// from starts[o] to starts[o + 1]. Rows first (inner = W), then columns (inner = 1); the way back is by the transposed tables, columns first
// (Cpu/Resampling/PlaneResampling).
KERNEL resample_axis(const float* from, float* to, i64 outer, int inputLength, int outputLength, int inner, const int* starts, const int* indices,
    const float* weights)
{
    i64 elements = outer * outputLength * inner;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        i64 rest = i / inner;
        int o = (int)(rest % outputLength);
        const float* line = from + rest / outputLength * inputLength * inner + i % inner;
        float sum = 0;
        for (int t = starts[o]; t < starts[o + 1]; t++)
            sum = fused(weights[t], line[(i64)indices[t] * inner], sum);
        to[i] = sum;
    }
}
