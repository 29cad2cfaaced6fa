namespace Preimage.Layers.Planning;

/// <summary>Where the arrays of a portion lie.</summary>
/// <param name="Shared">Those that every portion writes over.</param>
/// <param name="Kept">Those that a portion has for itself: see <see cref="Slot.Kept"/>. The same address where there is one portion, whose arrays lie together.</param>
internal readonly record struct Addresses(nint Shared, nint Kept)
{
    /// <summary>The address of a slot; 0 where there is none.</summary>
    public nint Of(Slot? slot) => slot is null ? 0 : (slot.Kept ? Kept : Shared) + (nint)slot.Offset;
}
