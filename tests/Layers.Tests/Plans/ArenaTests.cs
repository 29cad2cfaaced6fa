using Preimage.Layers.Planning;

namespace Preimage.Layers.Tests.Plans;

/// <summary>The layout of a plan's memory.</summary>
public class ArenaTests
{
    const int Alignment = 64;

    /// <summary>Two slots in use at the same step never share a byte; the arena is at least what lives at once, at most the sum.</summary>
    [Fact]
    public void Slots_that_meet_in_time_do_not_meet_in_space()
    {
        int shared = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var arena = new Arena(Alignment);
            int steps = random.Next(1, 40), count = random.Next(1, 60);
            var slots = new Slot[count];
            for (int i = 0; i < count; i++)
            {
                slots[i] = arena.Add(random.Next(8) == 0 ? random.Next(1, 100_000) : random.Next(0, 2000));
                int first = random.Next(steps);
                slots[i].Use(first);
                slots[i].Use(Math.Min(steps - 1, first + random.Next(1 + steps / 4)));
            }

            long total = arena.Place();
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(0, slots[i].Offset % Alignment);
                Assert.InRange(slots[i].Offset, 0, total - slots[i].Bytes);
                for (int j = 0; j < i; j++)
                {
                    bool inTime = slots[i].First <= slots[j].Last && slots[j].First <= slots[i].Last;
                    bool inSpace = slots[i].Offset < slots[j].Offset + slots[j].Bytes && slots[j].Offset < slots[i].Offset + slots[i].Bytes;
                    Assert.False(inTime && inSpace, $"seed {seed}: slots {i} and {j}");
                    shared += inSpace ? 1 : 0;
                }
            }

            long alive = Enumerable.Range(0, steps).Max(t => slots.Where(s => s.First <= t && t <= s.Last).Sum(s => s.Bytes));
            Assert.InRange(total, alive, slots.Sum(s => s.Bytes));
        }

        // An arena that never reused a byte would pass all of the above.
        Assert.True(shared > 300, $"{shared} pairs share memory");
    }

    [Fact]
    public void A_chain_takes_what_two_neighbours_take()
    {
        var arena = new Arena(Alignment);
        for (int i = 0; i < 10; i++)
        {
            Slot slot = arena.Add(1000);
            slot.Use(i);
            slot.Use(i + 1);
        }

        Assert.Equal(2 * 1024, arena.Place());
    }

    [Fact]
    public void Slots_never_used_take_nothing()
    {
        var arena = new Arena(Alignment);
        arena.Add(1 << 20);
        arena.Add(10).Use(3);
        Assert.Equal(Alignment, arena.Place());
    }
}
