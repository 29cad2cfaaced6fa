using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>A run of array operators on one device: arrays of drawn numbers, and those that are looked at afterwards.</summary>
internal sealed class Trial(DeviceLoop loop)
{
    readonly List<DeviceArray<float>> _floats = [];
    readonly List<DeviceArray<double>> _doubles = [];
    readonly List<DeviceArray<int>> _ints = [];
    ulong _seed = 1;

    public IArrayOperators Arrays => loop.Arrays;

    /// <summary>Normal numbers, others in every array.</summary>
    public DeviceArray<float> Drawn(params int[] extents) => loop.Allocate<float>(new Shape(extents), Draw.Normal(_seed++, new Shape(extents)));

    /// <summary>Given numbers.</summary>
    public DeviceArray<T> Of<T>(params T[] values) where T : unmanaged => loop.Allocate<T>(new Shape(values.Length), values);

    /// <summary>Drawn numbers that are looked at when all is done.</summary>
    public DeviceArray<float> Result(params int[] extents) => Kept(Drawn(extents));

    /// <summary>Sums, looked at when all is done; -1 where none is written.</summary>
    public DeviceArray<double> Sums(params int[] extents)
    {
        var shape = new Shape(extents);
        var values = new double[shape.Count];
        Array.Fill(values, -1);
        DeviceArray<double> sums = loop.Allocate<double>(shape, values);
        _doubles.Add(sums);
        return sums;
    }

    /// <summary>Whole numbers, looked at when all is done; -1 where none is written.</summary>
    public DeviceArray<int> Counts(int count)
    {
        DeviceArray<int> counts = Of([.. Enumerable.Repeat(-1, count)]);
        _ints.Add(counts);
        return counts;
    }

    /// <summary>Looks at an array when all is done.</summary>
    public DeviceArray<float> Kept(DeviceArray<float> array)
    {
        _floats.Add(array);
        return array;
    }

    /// <summary>Does something a number of times: twice as it is, then recorded, on a GPU.</summary>
    public void Repeat(Action body, int times = 3) => loop.Repeat(body, times);

    /// <summary>Does something once.</summary>
    public void Run(Action body) => loop.Run(body);

    /// <summary>What came out.</summary>
    public (float[][] Floats, double[][] Doubles) Results() => ([.. _floats.Select(a => a.ToArray())], [.. _doubles.Select(a => a.ToArray()), .. _ints.Select(a => Array.ConvertAll(a.ToArray(), v => (double)v))]);
}
