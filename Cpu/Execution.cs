namespace Preimage.Cpu;

/// <summary>How kernels run: with which vectors, and on how many threads at most.</summary>
/// <param name="Isa">The instruction set.</param>
/// <param name="Lanes">Threads that may work on one call, the caller included; scratch is divided among them.</param>
internal readonly record struct Execution(Isa Isa, int Lanes)
{
    /// <summary>The widest vectors and every thread the process may use.</summary>
    public static Execution Default => new(IsaChoice.Default, WorkerTeam.Shared.Lanes);
}
