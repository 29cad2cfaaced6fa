namespace Preimage.Layers.Planning;

/// <summary>A place in a plan's one allocation, and the steps between which it is in use.</summary>
internal sealed class Slot(long bytes)
{
    long _offset;
    bool _pinned, _kept;

    public long Bytes { get; } = bytes;

    /// <summary>The slot this one is a part of, or null.</summary>
    public Slot? Whole { get; private init; }

    public int First { get; private set; } = int.MaxValue;

    public int Last { get; private set; } = -1;

    /// <summary>Where it lies in the arena; of a part, in its whole until asked for.</summary>
    public long Offset
    {
        get => Whole is null ? _offset : Whole.Offset + _offset;
        set => _offset = value;
    }

    /// <summary>Whether something reads the contents later than the next operator does, so that no operator may write over them.</summary>
    public bool Pinned
    {
        get => _pinned || Whole?.Pinned == true;
        set
        {
            _pinned = value;
            if (value && Whole is not null)
                Whole.Pinned = true;
        }
    }

    /// <summary>Whether the contents outlive the pass that made them, so that every portion of a batch needs its own.</summary>
    public bool Kept
    {
        get => Whole?.Kept ?? _kept;
        set
        {
            if (Whole is null)
                _kept = value;
            else
                Whole.Kept = value;
        }
    }

    /// <summary>How many operators read the value that the slot holds at the moment.</summary>
    public int Uses { get; set; }

    /// <summary>Extends the lifetime to include a step.</summary>
    public void Use(int step)
    {
        First = Math.Min(First, step);
        Last = Math.Max(Last, step);
        Whole?.Use(step);
    }

    /// <summary>A part of it, which lives where and as long as the whole does.</summary>
    public Slot Part(long offset, long bytes) => new(bytes) { Whole = this, Offset = offset };
}

/// <summary>Lays slots into one allocation so that slots in use at the same step never overlap.</summary>
/// <remarks>Greedy by size: the largest first, each at the smallest gap that fits between the placed ones it meets in time.</remarks>
/// <param name="alignment">Bytes that every slot starts at a multiple of.</param>
internal sealed class Arena(int alignment)
{
    readonly List<Slot> _slots = [];

    public Slot Add(long bytes)
    {
        var slot = new Slot((Math.Max(bytes, 1) + alignment - 1) / alignment * alignment);
        _slots.Add(slot);
        return slot;
    }

    /// <summary>Gives every slot its offset.</summary>
    /// <returns>The bytes of the whole arena.</returns>
    public long Place() => Place(_slots);

    /// <summary>Gives every slot its offset in one of two memories: of what is kept, and of the rest.</summary>
    /// <returns>The bytes of each.</returns>
    public (long Shared, long Kept) PlaceApart() => (Place(_slots.Where(s => !s.Kept)), Place(_slots.Where(s => s.Kept)));

    static long Place(IEnumerable<Slot> slots)
    {
        var placed = new List<Slot>();
        long total = 0;
        // The order among equals is fixed by the order of adding, so that the same plan is laid out alike every time.
        foreach (Slot slot in slots.Where(s => s.Last >= 0).Select((slot, i) => (slot, i))
            .OrderByDescending(p => p.slot.Bytes).ThenBy(p => p.i).Select(p => p.slot))
        {
            slot.Offset = BestGap(slot, placed);
            total = Math.Max(total, slot.Offset + slot.Bytes);
            int at = placed.FindIndex(p => p.Offset > slot.Offset);
            placed.Insert(at < 0 ? placed.Count : at, slot);
        }

        return total;
    }

    /// <summary>The offset of the smallest sufficient gap, or behind everything met.</summary>
    static long BestGap(Slot slot, List<Slot> byOffset)
    {
        long end = 0, best = -1, bestSize = long.MaxValue;
        foreach (Slot other in byOffset)
        {
            if (other.First > slot.Last || other.Last < slot.First)
                continue;
            long gap = other.Offset - end;
            if (gap >= slot.Bytes && gap < bestSize)
                (best, bestSize) = (end, gap);
            end = Math.Max(end, other.Offset + other.Bytes);
        }

        return best >= 0 ? best : end;
    }
}
