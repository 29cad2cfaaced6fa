// All of the table, for what looks at every kernel.
#pragma once
#include "../kernels.h"

const KernelEntry* all_kernels(int* count);
