using System.Globalization;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.PreImages;

/// <summary>The energy of every term, iteration and restart.</summary>
public sealed partial class PreImageTrace
{
    readonly List<Segment> _segments = [];

    internal PreImageTrace(IReadOnlyList<string> terms) => Terms = terms;

    /// <summary>The names of the terms.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>The iterations of every phase of every restart, in the order they ran.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Writes a table: phase, iteration, restart, an energy per term, the total.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"phase,iteration,restart,{string.Join(',', Terms.Select(Quoted))},total");
        foreach (Segment segment in _segments)
        {
            for (int i = 0; i < segment.Iterations; i++)
            {
                for (int row = 0; row < segment.Rows; row++)
                {
                    string energies = string.Join(',', Enumerable.Range(0, Terms.Count).Select(t => Text(segment[i, t, row])));
                    writer.WriteLine($"{segment.Phase},{i},{segment.FirstRestart + row},{energies},{Text(segment.Total(i, row))}");
                }
            }
        }
    });

    internal Segment Begin(SearchPhase phase, int firstRestart, int rows)
    {
        var segment = new Segment(phase.Index, firstRestart, rows, Terms.Count, phase.Iterations);
        _segments.Add(segment);
        return segment;
    }

    static string Text(double value) => value.ToString("r", CultureInfo.InvariantCulture);

    static string Quoted(string name) => name.Contains(',') ? $"\"{name}\"" : name;

    /// <summary>One phase of restarts that ran together.</summary>
    public sealed class Segment
    {
        readonly double[] _energies;
        readonly int _terms;

        internal Segment(int phase, int firstRestart, int rows, int terms, int most)
        {
            (Phase, FirstRestart, Rows, _terms) = (phase, firstRestart, rows, terms);
            _energies = new double[most * terms * rows];
        }

        /// <summary>The phase, from 0.</summary>
        public int Phase { get; }

        /// <summary>The number of the restart of the first row.</summary>
        public int FirstRestart { get; }

        /// <summary>Restarts.</summary>
        public int Rows { get; }

        /// <summary>Iterations that were done.</summary>
        public int Iterations { get; private set; }

        /// <summary>The energy of a term of a restart at the image before that iteration's step.</summary>
        /// <param name="iteration">The iteration, from 0.</param>
        /// <param name="term">The index of the term in <see cref="Terms"/>.</param>
        /// <param name="row">The restart, from 0.</param>
        public double this[int iteration, int term, int row] => Of(iteration).Slice(term * Rows, Rows)[row];

        /// <summary>The sum over terms.</summary>
        public double Total(int iteration, int row)
        {
            double total = 0;
            for (int term = 0; term < _terms; term++)
                total += this[iteration, term, row];
            return total;
        }

        /// <summary>The energies of an iteration, [term][row].</summary>
        internal ReadOnlySpan<double> Of(int iteration)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(iteration);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(iteration, Iterations);
            return _energies.AsSpan(iteration * _terms * Rows, _terms * Rows);
        }

        internal ReadOnlySpan<double> All => _energies.AsSpan(0, Iterations * _terms * Rows);

        /// <summary>Takes the energies of further iterations.</summary>
        internal void Append(ReadOnlySpan<double> energies)
        {
            energies.CopyTo(_energies.AsSpan(Iterations * _terms * Rows));
            Iterations += energies.Length / (_terms * Rows);
        }
    }
}
