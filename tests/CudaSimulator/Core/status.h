// The CUresult values the simulator returns, and what makes a C function part of its surface.
#pragma once

#define CUSIM_API extern "C" __attribute__((visibility("default")))

namespace cusim {

enum Status : int {
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    NoDevice = 100,
    InvalidDevice = 101,
    InvalidImage = 200,
    InvalidContext = 201,
    NoBinaryForGpu = 209,
    InvalidPtx = 218,
    UnsupportedPtxVersion = 222,
    InvalidHandle = 400,
    IllegalState = 401,
    NotFound = 500,
    NotReady = 600,
    IllegalAddress = 700,
    LaunchOutOfResources = 701,
    HostMemoryAlreadyRegistered = 712,
    HostMemoryNotRegistered = 713,
    ContextIsDestroyed = 709,
    LaunchFailed = 719,
    NotPermitted = 800,
    NotSupported = 801,
    CaptureUnsupported = 900,
    CaptureInvalidated = 901,
    CaptureMerge = 902,
    CaptureUnmatched = 903,
    CaptureUnjoined = 904,
    CaptureIsolation = 905,
    CaptureImplicit = 906,
    CapturedEvent = 907,
    CaptureWrongThread = 908,
    GraphUpdateFailure = 910,
};

// Something that cannot be captured was asked for, or a capture is spoilt.
constexpr bool is_of_capture(int code) { return code >= CaptureUnsupported && code <= CaptureWrongThread; }

// After one of these a context is dead: every later call in it returns the same code.
constexpr bool is_sticky(int code) {
    return code == 700 || code == 702 || (code >= 714 && code <= 719);
}

}  // namespace cusim
