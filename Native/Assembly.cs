using System.Runtime.CompilerServices;

// Every signature here is blittable; this makes the compiler hold us to it.
[assembly: DisableRuntimeMarshalling]
