namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    const int None = -1;

    /// <summary>What the host keeps of the whole batch where the plan runs in parts.</summary>
    readonly Dictionary<Node, float[]> _inputs = [], _observed = [], _gradients = [];

    /// <summary>How many parts the samples fall into; the last one starts early enough to be full.</summary>
    readonly int _parts;

    float[] _rows = [], _seed = [], _group = [];

    /// <summary>The part that ran forward last, whose masks and switches are there.</summary>
    int _loaded = None;

    /// <summary>Room on the host for what one part cannot hold.</summary>
    void KeepOnHost()
    {
        int most = 0;
        foreach (Node node in _parts == 1 ? [] : _scope.Network.Inputs.Concat(_scope.Observed).Where(n => _scope.Wanted[n.Index] && _scope.Values[n.Index].Varies))
        {
            (node.Layer is Kinds.Input ? _inputs : _observed)[node] = new float[ShapeOf(node).Count];
            most = Math.Max(most, _part.Scope.Values[node.Index].Shape.Count);
        }

        foreach (Node input in _scope.Gradients)
        {
            _gradients[input] = new float[_scope.SignalShape(input).Count];
            most = Math.Max(most, _part.Scope.SignalShape(input).Count);
        }

        _rows = new float[most];
        if (_scope.Gradients.Count > 0)
            _group = new float[_part.Scope.SignalShape(_scope.SeedNode!).Count];
    }

    /// <summary>The samples of a part: where it starts, and how many of its first ones the part before it has done.</summary>
    (int First, int Done) Samples(int part)
    {
        int first = Math.Min(part * _size.Samples, _scope.Samples - _size.Samples);
        return (first, part * _size.Samples - first);
    }

    /// <summary>Copies a part's inputs in, where the host keeps them.</summary>
    void SetInputs(int part)
    {
        foreach ((Node input, float[] values) in _inputs)
        {
            int size = values.Length / _scope.Samples;
            _part.SetInput(input, values.AsSpan(Samples(part).First * size, _size.Samples * size));
        }
    }

    /// <summary>Runs a part forward.</summary>
    void Load(int part, CancellationToken cancellation)
    {
        _loaded = None;
        SetInputs(part);
        _part.RunForward(cancellation);
        _loaded = part;
        (int first, int done) = Samples(part);
        foreach ((Node node, float[] values) in _observed)
        {
            int size = values.Length / _scope.Samples;
            Span<float> rows = _rows.AsSpan(0, _size.Samples * size);
            _part.Read(node, rows);
            rows[(done * size)..].CopyTo(values.AsSpan((first + done) * size));
        }
    }

    /// <summary>Carries back seeds that are given, or made part by part.</summary>
    void RunBackward(ReadOnlySpan<float> seed, SeedFill? fill, BackwardRule rule, IProgress<int>? rows, CancellationToken cancellation)
    {
        int size = SeedShape.Count / (_scope.Samples * Options.Seeds), perSample = Options.Seeds * size, finished = 0;
        // Given seeds may go in any order: the part whose forward pass is still there comes first.
        bool down = fill is null && _loaded == _parts - 1;
        for (int i = 0; i < _parts; i++)
        {
            int part = down ? _parts - 1 - i : i;
            if (_loaded != part)
                Load(part, cancellation);
            (int first, int done) = Samples(part);
            // A network that mixes samples has one part, and seeds that fall to none of them.
            ReadOnlySpan<float> own = fill is not null ? Filled(fill, first, done, size) : _parts == 1 ? seed : seed.Slice(first * perSample, _size.Samples * perSample);
            for (int k = 0; k < Options.Seeds; k += _size.Seeds)
            {
                int count = Math.Min(_size.Seeds, Options.Seeds - k);
                _part.RunBackward(_size.Seeds == Options.Seeds ? own : Group(own, k, count, size), rule, cancellation);
                Collect(first, done, k, count);
                rows?.Report(finished += (_size.Samples - done) * count);
            }
        }
    }

    /// <summary>The seeds of a part as the caller makes them; samples that the part before did get none.</summary>
    ReadOnlySpan<float> Filled(SeedFill fill, int first, int done, int size)
    {
        int samples = _size.Samples - done, length = _part.Scope.Values[_scope.SeedNode!.Index].Shape.Count;
        if (_seed.Length == 0)
            (_seed, _rows) = (new float[length * Options.Seeds], _rows.Length >= length ? _rows : new float[length]);
        Span<float> values = _rows.AsSpan(0, length);
        _part.Read(_scope.SeedNode!, values);
        _seed.AsSpan().Clear();
        fill(first + done, samples, values[(done * size)..], _seed.AsSpan(done * Options.Seeds * size));
        return _seed;
    }

    /// <summary>Some seeds of each sample of a part; a last group that is smaller leaves its other rows zero.</summary>
    float[] Group(ReadOnlySpan<float> seed, int from, int count, int size)
    {
        _group.AsSpan().Clear();
        for (int n = 0; n < _size.Samples; n++)
            seed.Slice((n * Options.Seeds + from) * size, count * size).CopyTo(_group.AsSpan(n * _size.Seeds * size));
        return _group;
    }

    /// <summary>Takes a part's gradients to their place in the batch's, where they are kept.</summary>
    void Collect(int first, int done, int from, int count)
    {
        foreach ((Node input, float[] gradient) in _gradients)
        {
            int size = gradient.Length / (_scope.Samples * Options.Seeds);
            Span<float> rows = _rows.AsSpan(0, _size.Samples * _size.Seeds * size);
            _part.ReadGradient(input, rows);
            for (int n = done; n < _size.Samples; n++)
                rows.Slice(n * _size.Seeds * size, count * size).CopyTo(gradient.AsSpan(((first + n) * Options.Seeds + from) * size));
        }
    }
}
