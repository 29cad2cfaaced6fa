using Preimage.Algorithms.PreImages.Images;
using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Optimisers;

/// <summary>L-BFGS (Nocedal and Wright 2006, Algorithms 7.4 and 7.5) with a weak Wolfe search by bisection (Lewis and Overton 2013, Algorithm 2.6), which needs no smoothness.</summary>
/// <remarks>An iteration is one evaluation. Vectors are on the device, where the recursion's coefficients stay too; the host gets two numbers a trial and decides.</remarks>
internal sealed class LBfgsOptimiser : ITrialOptimiser
{
    const int History = 10;
    // c1 and c2 of the Wolfe conditions, as in the book's section 3.1.
    const double Decrease = 1e-4, Curvature = 0.9;
    // Halvings to a millionth of a step: a float energy changes no more then.
    const int MostTries = 20;

    // Places in the scalars: a trial's slope, a new pair's two products, then the recursion's beta and alphas.
    const int Slope = 0, StepByChange = 1, ChangeSquared = 2, Beta = 3, Alphas = 4;

    readonly DeviceLoop _loop;
    readonly IParameterisation _image;
    readonly double _rate;
    readonly DeviceArray<float> _point, _gradient, _direction;
    // s and y of the book: what an accepted step moved the variables and the gradient by.
    readonly DeviceArray<float>[] _steps, _changes;
    readonly DeviceArray<double> _scalars;
    readonly double[] _found;
    readonly Action _tryStep, _notePair, _takePoint, _findDirection, _descend;

    public LBfgsOptimiser(DeviceLoop loop, IParameterisation image, double rate)
    {
        (_loop, _image, _rate) = (loop, image, rate);
        Shape shape = image.Variables.Shape;
        _point = loop.Allocate<float>(shape);
        _gradient = loop.Allocate<float>(shape);
        _direction = loop.Allocate<float>(shape);
        _steps = [.. Enumerable.Range(0, History).Select(_ => loop.Allocate<float>(shape))];
        _changes = [.. Enumerable.Range(0, History).Select(_ => loop.Allocate<float>(shape))];
        _scalars = loop.Allocate<double>(new Shape(Alphas + History));
        _found = new double[_scalars.Count];
        (_tryStep, _notePair, _takePoint, _findDirection, _descend) = (TryStep, NotePair, TakePoint, FindDirection, Descend);
        State = [("point", _point), ("gradient", _gradient), ("direction", _direction), .. _steps.Select((s, i) => ($"step{i}", s)), .. _changes.Select((c, i) => ($"change{i}", c))];
    }

    public IReadOnlyList<(string Name, DeviceArray<float> Values)> State { get; }

    public double[] Numbers { get; } = new double[9 + History];

    public bool IsAtEnd => End != 0;

    // Energy and slope at the accepted point, the trial's length and the interval of lengths it is in, the trials of this search; the pairs that were kept, s y / y y of the newest,
    // and 1 / (s y) of each.
    ref double Energy => ref Numbers[0];
    ref double PointSlope => ref Numbers[1];
    ref double Length => ref Numbers[2];
    ref double Low => ref Numbers[3];
    ref double High => ref Numbers[4];
    ref double Tries => ref Numbers[5];
    ref double Pairs => ref Numbers[6];
    ref double Scale => ref Numbers[7];
    ref double End => ref Numbers[8];
    Span<double> Curvatures => Numbers.AsSpan(9);

    int Stored => (int)Math.Min(Pairs, History);

    int Next => (int)(Pairs % History);

    public void Step() => _loop.Arrays.Dot(_image.Gradient, _direction, 1, _scalars, Slope);

    public void Move(double energy)
    {
        if (IsAtEnd)
            return;
        // No length yet: the first point.
        if (Length == 0)
        {
            Accept(energy);
            DescendSteepest();
            _loop.Run(_tryStep);
            return;
        }

        _scalars.Download(_found);
        if (!(energy <= Energy + Decrease * Length * PointSlope))
            High = Length;
        else if (_found[Slope] < Curvature * PointSlope)
            Low = Length;
        else
        {
            KeepPair();
            Accept(energy);
            FollowHistory();
            _loop.Run(_tryStep);
            return;
        }

        Length = double.IsFinite(High) ? (Low + High) / 2 : 2 * Length;
        if (++Tries >= MostTries)
        {
            // Of the steepest descent itself nothing is lower within rounding.
            if (Pairs == 0)
                End = 1;
            else
                DescendSteepest();
        }

        _loop.Run(_tryStep);
    }

    void KeepPair()
    {
        _loop.Run(_notePair);
        _scalars.Download(_found);
        // Wolfe's second condition makes it positive; rounding may not.
        if (!(_found[StepByChange] > 0) || !(_found[ChangeSquared] > 0))
            return;
        Curvatures[Next] = 1 / _found[StepByChange];
        Scale = _found[StepByChange] / _found[ChangeSquared];
        Pairs++;
    }

    void Accept(double energy)
    {
        Energy = energy;
        _loop.Run(_takePoint);
    }

    void FollowHistory()
    {
        if (Pairs == 0)
        {
            DescendSteepest();
            return;
        }

        _loop.Run(_findDirection);
        Begin(1);
        if (!(PointSlope < 0))
            DescendSteepest();
    }

    void DescendSteepest()
    {
        Pairs = 0;
        _loop.Run(_descend);
        Begin(1);
        // -g g: the first step moves variables by the rate in root mean square.
        double norm = Math.Sqrt(-PointSlope);
        if (norm > 0)
            Length = _rate * Math.Sqrt(_point.Count) / norm;
        else
            End = 1;
    }

    void Begin(double length)
    {
        _scalars.Download(_found);
        (PointSlope, Length, Low, High, Tries) = (_found[Slope], length, 0, double.PositiveInfinity, 0);
    }

    // The rest are bodies.
    void TryStep()
    {
        _loop.Arrays.Copy(_point, _image.Variables);
        _loop.Arrays.Add(_direction, _image.Variables, (float)Length);
    }

    void TakePoint()
    {
        _loop.Arrays.Copy(_image.Variables, _point);
        _loop.Arrays.Copy(_image.Gradient, _gradient);
    }

    void NotePair()
    {
        IArrayOperators on = _loop.Arrays;
        (DeviceArray<float> step, DeviceArray<float> change) = (_steps[Next], _changes[Next]);
        on.Residual(_image.Variables, _point, null, 1, step);
        on.Residual(_image.Gradient, _gradient, null, 1, change);
        on.Dot(step, change, 1, _scalars, StepByChange);
        on.Dot(change, change, 1, _scalars, ChangeSquared);
    }

    void Descend()
    {
        _loop.Arrays.Scale(_gradient, _direction, -1);
        _loop.Arrays.Dot(_gradient, _direction, 1, _scalars, Slope);
    }

    // Algorithm 7.4 on -g in place of g.
    void FindDirection()
    {
        IArrayOperators on = _loop.Arrays;
        on.Scale(_gradient, _direction, -1);
        for (int age = 1; age <= Stored; age++)
        {
            int pair = (int)((Pairs - age) % History);
            on.Dot(_steps[pair], _direction, Curvatures[pair], _scalars, Alphas + pair);
            on.AddScaledRows(_changes[pair], _scalars, Alphas + pair, -1, _direction);
        }

        on.Scale(_direction, _direction, (float)Scale);
        for (int age = Stored; age >= 1; age--)
        {
            int pair = (int)((Pairs - age) % History);
            on.Dot(_changes[pair], _direction, Curvatures[pair], _scalars, Beta);
            on.AddScaledRows(_steps[pair], _scalars, Alphas + pair, 1, _direction);
            on.AddScaledRows(_steps[pair], _scalars, Beta, -1, _direction);
        }

        on.Dot(_gradient, _direction, 1, _scalars, Slope);
    }
}
