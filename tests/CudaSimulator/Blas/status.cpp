// Names and words of cublasStatus_t.
#include "Core/entry.h"

namespace {

struct StatusText {
    int code;
    const char* name;
    const char* text;
};

constexpr StatusText Texts[] = {
    {0, "CUBLAS_STATUS_SUCCESS", "success"},
    {1, "CUBLAS_STATUS_NOT_INITIALIZED", "the library was not initialized"},
    {3, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {7, "CUBLAS_STATUS_INVALID_VALUE", "an unsupported value or parameter was passed to the function"},
    {8, "CUBLAS_STATUS_ARCH_MISMATCH", "the function requires a feature absent from the device"},
    {11, "CUBLAS_STATUS_MAPPING_ERROR", "an access to GPU memory space failed"},
    {13, "CUBLAS_STATUS_EXECUTION_FAILED", "the function failed to launch on the GPU"},
    {14, "CUBLAS_STATUS_INTERNAL_ERROR", "an internal operation failed"},
    {15, "CUBLAS_STATUS_NOT_SUPPORTED", "the functionality requested is not supported"},
    {16, "CUBLAS_STATUS_LICENSE_ERROR", "the license check failed"},
};

const StatusText* text_of(int code) {
    for (const StatusText& text : Texts) {
        if (text.code == code) { return &text; }
    }
    return nullptr;
}

}  // namespace

CUSIM_API const char* cublasGetStatusName(int status) {
    cusim::Entry entry("cublasGetStatusName", cusim::Nothing);
    const StatusText* const text = text_of(status);
    return text ? text->name : "unknown status";
}

CUSIM_API const char* cublasGetStatusString(int status) {
    cusim::Entry entry("cublasGetStatusString", cusim::Nothing);
    const StatusText* const text = text_of(status);
    return text ? text->text : "unknown status";
}
