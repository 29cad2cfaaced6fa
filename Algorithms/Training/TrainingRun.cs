using System.Diagnostics;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Algorithms.Training;

/// <summary>Goes through the epochs of a training, from the beginning or from a checkpoint.</summary>
internal sealed class TrainingRun
{
    const string Now = "parameters/", Kept = "best/", States = "optimiser/";
    // A backward pass costs about twice a forward pass.
    const double StepCost = 3;

    readonly DataSplit _data;
    readonly TrainingRecipe _recipe;
    readonly TrainingOptions _options;
    readonly IReadOnlyList<(string Name, string Value)> _settings;
    readonly TrainingSteps _steps;
    readonly BatchQueue _train, _test;
    readonly int _count;
    readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    readonly TrainingState _state = new();
    Dictionary<string, float[]> _best = [];

    /// <summary>Prepares a run; one that resumes takes up its checkpoint.</summary>
    /// <exception cref="PreimageException">The checkpoint is of another training.</exception>
    public TrainingRun(
        DataSplit data, TrainingRecipe recipe, TrainingOptions options, IReadOnlyList<(string Name, string Value)> settings, TrainingSteps steps, BatchQueue train, BatchQueue test)
    {
        (_data, _recipe, _options, _settings, _steps, _train, _test) = (data, recipe, options, settings, steps, train, test);
        _count = recipe.Steps(data.Train.Count);
        if (!options.Resume || options.Checkpoint is not { } path || !File.Exists(path))
            return;
        (_state, NpzFile file) = TrainingCheckpoint.Load(path, settings);
        if (_state.Epoch > recipe.Epochs)
            throw new PreimageException($"'{path}' holds {_state.Epoch} epochs of training, more than the {recipe.Epochs} asked for");
        float[] Values(string name) => file.Names.Contains(name)
            ? Flat(file, name)
            : throw new PreimageException($"'{path}' is no checkpoint of this training: it has no array '{name}'");
        steps.WriteParameters(name => Values(Now + name));
        steps.WriteStates(name => Values(States + name));
        _best = file.Names.Where(n => n.StartsWith(Kept, StringComparison.Ordinal)).ToDictionary(n => n[Kept.Length..], Values);
    }

    /// <summary>The epochs that ended.</summary>
    public LearningCurve Curve => new([.. _state.Curve]);

    /// <summary>The values of a parameter at the end of the epoch with the lowest test error.</summary>
    public float[] Best(string name) => _best[name];

    /// <summary>Runs what is left.</summary>
    /// <exception cref="PreimageException">The loss is not a number.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void Finish(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var report = new TrainingReport(progress, _recipe, _count, StepCost, (_data.Test.Count + _recipe.Batch - 1) / _recipe.Batch, _state);
        while (_state.Epoch < _recipe.Epochs)
        {
            double before = _state.Seconds;
            var clock = Stopwatch.StartNew();
            Learn(report, () => before + clock.Elapsed.TotalSeconds, cancellation);
            (double loss, double error) = Test(() => before + clock.Elapsed.TotalSeconds, cancellation);
            double seen = Math.Max(1, _state.Seen);
            _state.Curve.Add(new CurvePoint(_state.Epoch + 1, _state.Loss / seen, _state.Wrong / seen, loss, error, before + clock.Elapsed.TotalSeconds));
            if (error < _state.BestError)
            {
                _state.BestError = error;
                _best = Finite(_steps.ReadParameters()).ToDictionary();
            }

            _state.NextEpoch();
            Save();
            report.EpochEnded();
        }
    }

    void Learn(TrainingReport report, Func<double> seconds, CancellationToken cancellation)
    {
        int[] order = SampleOrder.Of(_data.Train.Count, _recipe.Seed, _recipe.Shuffle == ShuffleKind.Once ? 0 : _state.Epoch);
        _steps.StartEpoch(_state.Epoch, _state.Step, Math.Pow(_recipe.RateFactor, _state.Epoch));
        foreach (Batch batch in _train.Read(order, _state.Step, _count))
        {
            if (cancellation.IsCancellationRequested)
                Stop(seconds(), cancellation);
            (double loss, int wrong) = _steps.Learn(batch);
            if (!double.IsFinite(loss))
                throw NotANumber(_state.Step + 1);
            (_state.Loss, _state.Wrong, _state.Seen, _state.Step) = (_state.Loss + loss, _state.Wrong + wrong, _state.Seen + batch.Samples, _state.Step + 1);
            _state.Seconds = seconds();
            if (_state.Step < _count && (_sinceSaved.Elapsed >= _options.CheckpointEvery || (_options.CheckpointSteps is { } every && _state.Step % every == 0)))
                Save();
            report.Stepped();
        }
    }

    (double Loss, double Error) Test(Func<double> seconds, CancellationToken cancellation)
    {
        int count = _data.Test.Count;
        double sum = 0;
        int missed = 0;
        foreach (Batch batch in _test.Read([.. Enumerable.Range(0, count)], 0, (count + _recipe.Batch - 1) / _recipe.Batch))
        {
            if (cancellation.IsCancellationRequested)
                Stop(seconds(), cancellation);
            (double loss, int wrong) = _steps.Test(batch);
            (sum, missed) = (sum + loss, missed + wrong);
        }

        return (sum / count, (double)missed / count);
    }

    void Stop(double seconds, CancellationToken cancellation)
    {
        _state.Seconds = seconds;
        Save();
        cancellation.ThrowIfCancellationRequested();
    }

    void Save()
    {
        if (_options.Checkpoint is { } path)
        {
            TrainingCheckpoint.Save(path, _settings, _state,
            [
                .. Finite(_steps.ReadParameters()).Select(p => (Now + p.Name, p.Values)), .. _steps.ReadStates().Select(s => (States + s.Name, s.Values)),
                .. _best.Select(b => (Kept + b.Key, b.Value)),
            ]);
        }

        _sinceSaved.Restart();
    }

    // A checkpoint of what cannot be gone on from would take the place of one that can.
    IEnumerable<(string Name, float[] Values)> Finite(IEnumerable<(string Name, float[] Values)> parameters)
    {
        foreach ((string name, float[] values) in parameters)
        {
            if (!Array.TrueForAll(values, float.IsFinite))
                throw NotANumber(_state.Step);
            yield return (name, values);
        }
    }

    PreimageException NotANumber(int step) => new(
        $"training: the loss is not a number at step {step} of epoch {_state.Epoch + 1} with the learning rate {_recipe.Optimiser.Rate}: a smaller rate may help" +
        (_options.Checkpoint is { } path && File.Exists(path) ? $"; '{path}' is the last checkpoint before" : ""));

    static float[] Flat(NpzFile file, string name)
    {
        var values = new float[file[name].Count];
        file.ToSingle(name).FlattenTo(values);
        return values;
    }
}
