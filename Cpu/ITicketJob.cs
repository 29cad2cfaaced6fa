namespace Preimage.Cpu;

/// <summary>Work cut into tickets that may run in any order, on any lane, at the same time.</summary>
/// <remarks>A job is a struct on its caller's stack, seen by all lanes: it must not change while it runs.</remarks>
internal interface ITicketJob
{
    /// <summary>Does one piece.</summary>
    /// <param name="ticket">Which piece.</param>
    /// <param name="lane">Which lane does it, 0 up to the lanes asked for: no two threads have the same one at once, so scratch goes by it.</param>
    void Run(int ticket, int lane);
}
