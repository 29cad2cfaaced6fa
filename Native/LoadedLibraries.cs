using System.Runtime.InteropServices;

namespace Preimage.Native;

/// <summary>The system's own answers to what this process has loaded.</summary>
internal static unsafe partial class LoadedLibraries
{
    [LibraryImport("libc")]
    public static partial nint dlopen(byte* file, int mode);

    [LibraryImport("libc")]
    public static partial int dladdr(void* address, Dl_info* info);

    [LibraryImport("kernel32")]
    public static partial nint GetModuleHandleW(char* name);

    [LibraryImport("kernel32")]
    public static partial uint GetModuleFileNameW(nint module, char* name, uint characters);
}

/// <summary>Dl_info of dlfcn.h: where an address comes from.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Dl_info
{
    public byte* dli_fname;
    public void* dli_fbase;
    public byte* dli_sname;
    public void* dli_saddr;
}
