using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Parity.Tests;

/// <summary>Every array operator with what changes its way: rows for one and for all, channels, extents of 1, more than one chunk of a sum, in place.</summary>
internal static class ArrayCases
{
    /// <summary>More than one chunk of 4096 to a row.</summary>
    static readonly int[] s_images = [2, 3, 41, 37], s_grey = [3, 1, 19, 1], s_line = [1, 7, 1, 23];

    public static Dictionary<string, Action<Trial>> All { get; } = Make();

    static Dictionary<string, Action<Trial>> Make()
    {
        var cases = new Dictionary<string, Action<Trial>>
        {
            ["fill and copy"] = t =>
            {
                DeviceArray<float> x = t.Result(2, 3, 5, 7), y = t.Result(2, 3, 5, 7), z = t.Result(4);
                t.Repeat(() =>
                {
                    t.Arrays.Copy(x, y);
                    t.Arrays.Fill(z, -0.3f);
                });
            },
            ["add"] = t =>
            {
                DeviceArray<float> x = t.Drawn(3, 50), row = t.Drawn(1, 50), y = t.Result(3, 50), z = t.Result(3, 50);
                t.Repeat(() =>
                {
                    t.Arrays.Add(x, y);
                    t.Arrays.Add(x, z, -0.7f);
                    t.Arrays.Add(row, z, 1.3f);
                });
            },
            ["scale"] = t =>
            {
                DeviceArray<float> x = t.Drawn(3, 50), y = t.Result(3, 50), z = t.Result(3, 50);
                t.Repeat(() =>
                {
                    t.Arrays.Scale(x, y, 1.7f);
                    t.Arrays.Scale(z, z, -0.9f);
                });
            },
            ["scale channels"] = t =>
            {
                DeviceArray<float> x = t.Drawn(2, 3, 5, 7), scale = t.Drawn(3), shift = t.Drawn(3), y = t.Result(2, 3, 5, 7), z = t.Result(2, 3, 5, 7), flat = t.Result(4, 3);
                t.Repeat(() =>
                {
                    t.Arrays.ScaleChannels(x, scale, shift, y);
                    t.Arrays.ScaleChannels(z, scale, null, z);
                    t.Arrays.ScaleChannels(flat, scale, shift, flat);
                });
            },
            ["residual"] = t =>
            {
                DeviceArray<float> x = t.Drawn(2, 3, 9), own = t.Drawn(2, 3, 9), one = t.Drawn(1, 3, 9), mask = t.Drawn(1, 3, 9), masks = t.Drawn(2, 3, 9);
                DeviceArray<float>[] results = [t.Result(2, 3, 9), t.Result(2, 3, 9), t.Result(2, 3, 9), t.Result(2, 3, 9)];
                t.Repeat(() =>
                {
                    t.Arrays.Residual(x, own, null, 2, results[0]);
                    t.Arrays.Residual(x, one, mask, 0.3f, results[1]);
                    t.Arrays.Residual(x, one, masks, -1.1f, results[2]);
                    t.Arrays.Residual(results[3], own, mask, 0.7f, results[3]);
                });
            },
            ["sum and dot"] = t =>
            {
                DeviceArray<float> x = t.Drawn(s_images), y = t.Drawn(s_images), row = t.Drawn(1, s_images[1], s_images[2], s_images[3]);
                DeviceArray<double> sums = t.Sums(5, 2);
                t.Repeat(() =>
                {
                    t.Arrays.Sum(x, 0.1, sums, 0);
                    t.Arrays.Dot(x, y, -1.0 / 3, sums, 2);
                    t.Arrays.Dot(x, x, 1, sums, 4);
                    t.Arrays.Dot(x, row, 1e-9, sums, 6);
                });
            },
            ["rows with what was found"] = t =>
            {
                DeviceArray<float> x = t.Drawn(s_images), y = t.Result(s_images);
                DeviceArray<double> sums = t.Sums(4);
                t.Repeat(() =>
                {
                    t.Arrays.Dot(x, y, 1e-4, sums, 1);
                    t.Arrays.AddScaledRows(x, sums, 1, -0.3f, y);
                });
            },
            ["rows made unit vectors"] = t =>
            {
                DeviceArray<float> x = t.Result(s_images), unit = t.Result(s_images);
                DeviceArray<double> squares = t.Sums(2);
                t.Repeat(() =>
                {
                    t.Arrays.Dot(x, x, 1, squares, 0);
                    t.Arrays.InverseRoots(squares);
                    t.Arrays.AddScaledRows(x, squares, 0, 1, unit);
                });
            },
            ["loss of a softmax"] = t =>
            {
                DeviceArray<float> ten = t.Drawn(37, 10), one = t.Drawn(3, 1), many = t.Drawn(5, 1003);
                (DeviceArray<float>, DeviceArray<int>)[] of =
                [
                    (ten, t.Of([.. Enumerable.Range(-1, 37).Select(n => n < 0 ? n : n % 10)])), (one, t.Of(0, -1, 0)), (many, t.Of(7, 1002, -1, 0, 16)),
                ];
                (DeviceArray<float> Signal, DeviceArray<double> Losses, DeviceArray<int> Predictions)[] to =
                    [.. of.Select(a => (t.Result(a.Item1.Shape.ToArray()), t.Sums(a.Item2.Count), t.Counts(a.Item2.Count)))];
                t.Repeat(() =>
                {
                    for (int i = 0; i < of.Length; i++)
                        t.Arrays.SoftmaxLoss(of[i].Item1, of[i].Item2, 0.37f, to[i].Signal, to[i].Losses, to[i].Predictions);
                });
            },
            ["steps of weights"] = t =>
            {
                DeviceArray<float> gradient = t.Drawn(5003), rates = t.Of(0.3f, 0.2f, 0.1f);
                DeviceArray<float>[] w = [t.Result(5003), t.Result(5003), t.Result(5003)];
                DeviceArray<float> momentum = t.Result(5003), squares = t.Result(5003);
                t.Run(() => t.Arrays.Scale(squares, squares, 0));
                t.Repeat(() =>
                {
                    t.Arrays.DescentStep(w[0], gradient, momentum, rates, 0.9f, 0.0005f);
                    t.Arrays.DescentStep(w[1], gradient, null, rates, 0, 0.01f);
                    t.Arrays.AdaGradStep(w[2], gradient, squares, rates, 1e-6f);
                });
            },
            ["crop and its adjoint"] = t =>
            {
                DeviceArray<float> canvas = t.Drawn(2, 3, 12, 11), crop = t.Result(2, 3, 9, 7), signal = t.Drawn(2, 3, 9, 7), back = t.Result(2, 3, 12, 11), all = t.Result(2, 3, 12, 11);
                DeviceArray<int> offsets = t.Of(0, 0, 3, 4, 1, 2);
                t.Repeat(() =>
                {
                    t.Arrays.Crop(canvas, crop, offsets);
                    t.Arrays.CropBackward(signal, back, offsets);
                    t.Arrays.Add(back, all);
                });
            },
            ["warp and its adjoint"] = t =>
            {
                DeviceArray<float> x = t.Drawn(2, 3, 12, 11), y = t.Result(2, 3, 9, 14), signal = t.Drawn(2, 3, 9, 14), back = t.Result(2, 3, 12, 11), all = t.Result(2, 3, 12, 11);
                DeviceArray<float> transforms = t.Of(1, 0, 0.25f, 0, 1, -1.5f, 0.9f, 0.2f, 1, -0.2f, 0.9f, 0.7f, -1.6f, 0.3f, 11, 0.1f, 0.45f, 3);
                t.Repeat(() =>
                {
                    t.Arrays.Warp(x, transforms, y);
                    t.Arrays.WarpBackward(signal, transforms, back);
                    t.Arrays.Add(back, all);
                });
            },
            ["adam"] = t =>
            {
                DeviceArray<float> x = t.Result(2, 3, 5, 7), gradient = t.Drawn(2, 3, 5, 7), mean = t.Result(2, 3, 5, 7), variance = t.Result(2, 3, 5, 7), rates = t.Of(0.5f, 30, 0.3f, 20, 0.2f, 15);
                t.Run(() => t.Arrays.Fill(variance, 0.1f));
                t.Repeat(() => t.Arrays.AdamStep(x, gradient, mean, variance, rates, 0.9f, 0.999f, 1e-8f, 1.5f));
            },
            ["note"] = t =>
            {
                // One row's energy falls, one's is not a number, one's rises.
                DeviceArray<float> x = t.Result(3, 4, 6), best = t.Result(3, 4, 6), grow = t.Drawn(3, 4, 6);
                DeviceArray<double> energies = t.Sums(2, 3), ring = t.Sums(2, 2, 3), total = t.Sums(3), lowest = t.Sums(3), pace = t.Of(-0.2, 0, 0.3);
                energies.Upload([5, double.NaN, -7, 1, 1, 1]);
                lowest.Upload([double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity]);
                t.Run(() => t.Arrays.Copy(x, grow));
                t.Repeat(() =>
                {
                    t.Arrays.Dot(x, x, 1, energies, 3);
                    t.Arrays.Note(energies, ring, total, x, best, lowest);
                    t.Arrays.AddScaledRows(grow, pace, 0, 1, x);
                });
            },
        };
        foreach ((string name, int[] extents) in new[] { ("images", s_images), ("a column", s_grey), ("a row", s_line) })
            AddPriors(cases, name, extents);
        foreach (bool adaptive in new[] { true, false })
        {
            foreach (float radius in new[] { 1.5f, float.PositiveInfinity })
                cases[$"momentum, {(adaptive ? "windowed" : "plain")}, radius {radius}"] = t => Momentum(t, adaptive, radius);
        }

        return cases;
    }

    static void AddPriors(Dictionary<string, Action<Trial>> cases, string name, int[] extents)
    {
        foreach (float beta in new[] { 1, 1.5f, 2, 3 })
        {
            cases[$"variation {beta} of {name}"] = t =>
            {
                DeviceArray<float> x = t.Drawn(extents), gradient = t.Result(extents);
                DeviceArray<double> energies = t.Sums(2, extents[0]);
                t.Repeat(() =>
                {
                    t.Arrays.VariationEnergy(x, beta, 1.0 / 3, energies, extents[0]);
                    t.Arrays.VariationGradient(x, beta, 0.37f, gradient);
                });
            };
        }

        foreach (float alpha in new[] { 1, 2, 3, 4, 6, 7.5f })
        {
            cases[$"range {alpha} of {name}"] = t =>
            {
                DeviceArray<float> x = t.Drawn(extents), gradient = t.Result(extents);
                DeviceArray<double> energies = t.Sums(2, extents[0]);
                t.Repeat(() =>
                {
                    t.Arrays.RangeEnergy(x, alpha, 1.7f, 1.0 / 3, energies, extents[0]);
                    t.Arrays.RangeGradient(x, alpha, 1.7f, 0.37f, gradient);
                });
            };
        }
    }

    static void Momentum(Trial t, bool adaptive, float radius)
    {
        DeviceArray<float> x = t.Result(2, 3, 5, 7), gradient = t.Drawn(2, 3, 5, 7), squares = t.Result(2, 3, 5, 7), momentum = t.Result(2, 3, 5, 7), rates = t.Of(0.5f, 0.05f, 0.01f);
        t.Run(() => t.Arrays.Fill(squares, 0.1f));
        t.Repeat(() => t.Arrays.MomentumStep(x, gradient, adaptive ? squares : null, momentum, rates, 0.9f, radius));
    }
}
