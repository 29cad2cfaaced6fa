// From a kernel to an entry of the table: its parameters' sizes, and a call that takes them from an array of pointers, as
// cuLaunchKernel hands them over.
#pragma once
#include "../kernels.h"
#include <cstddef>
#include <utility>

namespace host
{
    /// Runs a kernel over a whole launch.
    void launch(const LaunchShape& shape, bool barriers, void (*call)(void**), void** arguments);

    template <auto Kernel, bool Barriers> struct Entry;

    template <class... Parameters, void (*Kernel)(Parameters...), bool Barriers> struct Entry<Kernel, Barriers>
    {
        static constexpr int count = sizeof...(Parameters);
        static constexpr unsigned char sizes[] = {sizeof(Parameters)...};

        static void run(void** arguments, const LaunchShape& shape) { launch(shape, Barriers, call, arguments); }

    private:
        static void call(void** arguments) { call(arguments, std::make_index_sequence<count>()); }

        template <size_t... Index> static void call(void** arguments, std::index_sequence<Index...>)
        {
            Kernel(*static_cast<Parameters*>(arguments[Index])...);
        }
    };
}
