// Walking tensors element by element, and the blend alpha r + beta y that ends every operation.
#pragma once
#include "Dnn/descriptors.h"

namespace cusim {

// Where an element lies.
inline long long offset(const Layout& layout, int n, int c, int h, int w) {
    return n * layout.stride[0] + c * layout.stride[1] + h * layout.stride[2] + w * layout.stride[3];
}

// body(n, c, h, w) in row-major order.
template <class Body>
void each_element(const Layout& layout, Body body) {
    for (int n = 0; n < layout.extent[0]; n++) {
        for (int c = 0; c < layout.extent[1]; c++) {
            for (int h = 0; h < layout.extent[2]; h++) {
                for (int w = 0; w < layout.extent[3]; w++) { body(n, c, h, w); }
            }
        }
    }
}

// Never reads what beta = 0 drops.
inline void blend(float& to, Scale scale, double result) {
    to = static_cast<float>(scale.beta == 0 ? scale.alpha * result : scale.alpha * result + static_cast<double>(scale.beta) * to);
}

struct Tensor {
    const char* what;
    const Layout* layout;
    const void* data;
};

// Null, alignment and type of each, then their bytes.
int check_tensors(const DnnCall& call, std::initializer_list<Tensor> tensors, std::vector<Range>& ranges);

inline const float* floats(const void* data) { return static_cast<const float*>(data); }
inline float* floats(void* data) { return static_cast<float*>(data); }

}  // namespace cusim
