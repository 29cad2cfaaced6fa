using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

internal sealed partial class SearchRun
{
    // The images that are returned are looked at once more, whole and without jitter.
    PreImageResult Finish()
    {
        int rows = _settings.Groups.Take(_images.Count).Sum(g => g.Count);
        Shape shape = _settings.Image.WithSamples(rows);
        float[] images = [.. _images.SelectMany(i => i)], inputs = new float[shape.Count];
        var energies = new List<Dictionary<string, double>>();
        var errors = new List<double>();
        int match = _settings.Parts.ToList().FindIndex(p => p.Objective is Objective.MatchObjective);
        for (int group = 0; group < _images.Count; group++)
        {
            RestartGroup own = _settings.Groups[group];
            double[] found = Look(group, inputs.AsSpan(own.First * _settings.Image.Count, own.Count * _settings.Image.Count));
            for (int row = 0; row < own.Count; row++)
            {
                var byName = new Dictionary<string, double>();
                for (int term = 0; term < _trace.Terms.Count; term++)
                {
                    double energy = found[term * own.Count + row];
                    if (!double.IsFinite(energy))
                        throw NotFinite(term, energy, "the last image", Options.FirstRestart + own.First + row);
                    byName[_trace.Terms[term]] = energy;
                }

                energies.Add(byName);
                if (match >= 0)
                    errors.Add(Math.Sqrt(found[match * own.Count + row] / _settings.Parts[match].Weight));
            }
        }

        NoteDeadParts(energies);
        if (IsStopped)
            _notes.Add($"the search was cancelled after {_done} iterations; these are the best images there were");
        SearchRequest request = _settings.Request;
        Engine engine = request.Engine;
        return new PreImageResult
        {
            Method = request.Method,
            Objective = request.Objective.ToString(),
            Nodes = [.. _settings.Nodes.Select(n => n.Name)],
            Options = Options,
            Pixels = request.Pixels,
            Images = Tensor.Create(WithCentre(images), shape.ToLengths()),
            Inputs = Tensor.Create(inputs, shape.ToLengths()),
            Errors = errors,
            Energies = energies,
            Trace = _trace,
            Frames = _frames,
            Notes = _notes,
            Completed = !IsStopped,
            Iterations = _done,
            State = _state,
            Jitter = _settings.Phases[0].Jitter,
            Rates = [.. _settings.Phases.Select(p => p.Rate)],
            Elapsed = _time.Elapsed,
            Device = engine.Device,
            Precision = engine.Options.Precision,
            Libraries = engine.Libraries,
            Model = engine.Network.Source,
            ModelHash = engine.Network.Hash,
        };
    }

    // A unit behind a rectifier that is 0 for the first noise has no gradient, and stays 0.
    void NoteDeadParts(List<Dictionary<string, double>> energies)
    {
        for (int part = 0; part < _settings.Parts.Count; part++)
        {
            string name = _trace.Terms[part];
            int[] dead = [.. Enumerable.Range(0, energies.Count).Where(row => energies[row][name] == 0)];
            if (dead.Length > 0 && _settings.Parts[part].Objective is not Objective.MatchObjective)
                _notes.Add($"'{name}' is 0 for restarts {string.Join(", ", dead.Select(row => row + Options.FirstRestart))}: units that are 0 behind a rectifier have no gradient; take the node before it, or another seed");
        }
    }

    /// <summary>The energies of a group's images, [term][row], and what the network took them as.</summary>
    double[] Look(int group, Span<float> inputs)
    {
        RestartGroup rows = _settings.Groups[group];
        using PlanLoan loan = _settings.Engine.Rent(_settings.PlanFor(rows.Count));
        using var loop = new EnergyLoop(loan.Plan, _settings, new SearchPhase(0, 1, 0, 1), rows);
        loop.Image.Load(_images[group]);
        loop.Loop.Run(() => loop.Look(all: true), CancellationToken.None);
        loop.NetworkInput.Download(inputs);
        return loop.Energies.ToArray();
    }

    float[] WithCentre(float[] image)
    {
        int plane = _settings.Image.H * _settings.Image.W;
        var pixels = new float[image.Length];
        for (int i = 0; i < image.Length; i++)
            pixels[i] = (float)(image[i] + _settings.Centre[i / plane % _settings.Image.C]);
        return pixels;
    }
}
