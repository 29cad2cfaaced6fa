namespace Preimage.Layers.Loops;

/// <summary>What every backend asks of the arrays of an operator before it touches them: shapes that fit, numbers in range. Messages start with the name of the call.</summary>
internal static class ArrayChecks
{
    /// <summary>An array as large as another one.</summary>
    public static void Same(string call, string name, Shape array, string otherName, Shape other)
    {
        if (array.Count != other.Count)
            throw new ShapeException($"{call}: {name} of {array} has {array.Count} numbers where {otherName} of {other} has {other.Count}");
    }

    /// <summary>An array as large as another one, or one row that serves all of the other's; whether it is one for several.</summary>
    public static bool SameOrOneRow(string call, string name, Shape array, string otherName, Shape other)
    {
        if (array.Count == other.Count)
            return false;
        if (array.N == 1 && array.SampleCount == other.SampleCount)
            return true;
        throw new ShapeException($"{call}: {name} of {array} neither is as large as {otherName} of {other} nor has one row of {other.SampleCount} numbers");
    }

    /// <summary>Numbers one for each channel.</summary>
    public static void Channels(string call, string name, Shape numbers, Shape x)
    {
        if (numbers.Count != x.C)
            throw new ShapeException($"{call}: {name} of {numbers} has {numbers.Count} numbers for {x.C} channels of x of {x}");
    }

    /// <summary>Room for a result of each row.</summary>
    public static void Rows(string call, string name, Shape results, int first, int rows)
    {
        if (first < 0 || first > results.Count - rows)
            throw new ShapeException($"{call}: {name} has {results.Count} places; {rows} from place {first} on do not fit");
    }

    /// <summary>Images: four axes.</summary>
    public static void Images(string call, string name, Shape x)
    {
        if (x.Rank != Shape.MaxRank)
            throw new ShapeException($"{call}: {name} of {x}, where images have four axes (rows, channels, height, width)");
    }

    /// <summary>A window that lies within the planes of a canvas.</summary>
    public static void Window(string call, Shape canvas, Shape crop)
    {
        SamePlanes(call, "the canvas", canvas, "the crop", crop);
        if (crop.H > canvas.H || crop.W > canvas.W)
            throw new ShapeException($"{call}: a crop of {crop} does not fit into a canvas of {canvas}");
    }

    /// <summary>Images with as many planes.</summary>
    public static void SamePlanes(string call, string name, Shape x, string otherName, Shape y)
    {
        Images(call, name, x);
        Images(call, otherName, y);
        if (x.N != y.N || x.C != y.C)
            throw new ShapeException($"{call}: {name} of {x} and {otherName} of {y} differ in rows or channels");
    }

    /// <summary>A table with that many numbers for each iteration.</summary>
    public static void Table(string call, string name, Shape table, int numbers)
    {
        if (table.Count % numbers != 0)
            throw new ShapeException($"{call}: {name} has {table.Count} numbers, not {numbers} for each iteration");
    }

    /// <summary>Matrices that fit a product; how many products there are.</summary>
    public static int Product(int m, int n, int k, Shape a, Shape b, Shape c)
    {
        const string Call = nameof(IArrayOperators.Product);
        if (m < 1 || n < 1 || k < 1)
            throw new ShapeException($"{Call}: m = {m}, n = {n}, k = {k}; they are at least 1");
        if ((long)m * n > c.Count || c.Count % (m * n) != 0)
            throw new ShapeException($"{Call}: c of {c} has {c.Count} numbers, not a whole number of matrices of {m}x{n}");
        int products = c.Count / (m * n);
        Operand("a", a, m, k, products);
        Operand("b", b, k, n, products);
        return products;
    }

    /// <summary>The arrays of <see cref="IArrayOperators.Note"/>; how many terms and slots there are.</summary>
    public static (int Terms, int Slots) Note(Shape energies, Shape ring, Shape total, Shape x, Shape best, Shape lowest)
    {
        const string Call = nameof(IArrayOperators.Note);
        int rows = x.N;
        Same(Call, "best", best, "x", x);
        if (total.Count != rows || lowest.Count != rows)
            throw new ShapeException($"{Call}: total has {total.Count} and lowest {lowest.Count} numbers for {rows} rows of x");
        if (energies.Count % rows != 0)
            throw new ShapeException($"{Call}: energies of {energies} has {energies.Count} numbers, not a whole number of terms for {rows} rows of x");
        if (ring.Count % energies.Count != 0)
            throw new ShapeException($"{Call}: ring of {ring} has {ring.Count} numbers, not a whole number of slots of {energies.Count}");
        return (energies.Count / rows, ring.Count / energies.Count);
    }

    /// <summary>The arrays of <see cref="IArrayOperators.DescentStep"/>.</summary>
    public static void Descent(Shape w, Shape gradient, Shape? momentum, float rho, float decay)
    {
        const string Call = nameof(IArrayOperators.DescentStep);
        Same(Call, "gradient", gradient, "w", w);
        if (momentum is { } kept)
            Same(Call, "momentum", kept, "w", w);
        Share(Call, "rho", rho);
        AtLeast(Call, "decay", decay, 0);
    }

    /// <summary>The arrays of <see cref="IArrayOperators.AdaGradStep"/>.</summary>
    public static void AdaGrad(Shape w, Shape gradient, Shape squares, float epsilon)
    {
        const string Call = nameof(IArrayOperators.AdaGradStep);
        Same(Call, "gradient", gradient, "w", w);
        Same(Call, "squares", squares, "w", w);
        Positive(Call, "epsilon", epsilon, mayBeInfinite: false);
    }

    /// <summary>The arrays of <see cref="IArrayOperators.SoftmaxLoss"/>; how many classes there are.</summary>
    public static int Loss(Shape logits, Shape labels, Shape signal, Shape losses, Shape predictions)
    {
        const string Call = nameof(IArrayOperators.SoftmaxLoss);
        Same(Call, "signal", signal, "logits", logits);
        if (labels.Count != logits.N || losses.Count != logits.N || predictions.Count != logits.N)
            throw new ShapeException($"{Call}: labels has {labels.Count}, losses {losses.Count} and predictions {predictions.Count} numbers for {logits.N} rows of logits of {logits}");
        return logits.SampleCount;
    }

    /// <summary>The exponent and the bound of the bounded range.</summary>
    public static void Range(string call, float alpha, float bound)
    {
        AtLeast(call, "alpha", alpha, 1);
        Positive(call, "bound", bound, mayBeInfinite: false);
    }

    /// <summary>A number no smaller than a bound.</summary>
    public static void AtLeast(string call, string name, float value, float least)
    {
        if (!(value >= least) || float.IsInfinity(value))
            throw new PreimageException($"{call}: {name} is {value}; it is finite and at least {least}");
    }

    /// <summary>A number above 0; it may be infinite where nothing is bounded by it.</summary>
    public static void Positive(string call, string name, float value, bool mayBeInfinite)
    {
        if (!(value > 0) || (float.IsInfinity(value) && !mayBeInfinite))
            throw new PreimageException($"{call}: {name} is {value}; it is above 0{(mayBeInfinite ? "" : " and finite")}");
    }

    /// <summary>A share, 0 to 1.</summary>
    public static void Share(string call, string name, float value)
    {
        if (!(value is >= 0 and <= 1))
            throw new PreimageException($"{call}: {name} is {value}; it is from 0 to 1");
    }

    static void Operand(string name, Shape shape, int rows, int columns, int products)
    {
        long matrix = (long)rows * columns;
        if (shape.Count != matrix && shape.Count != matrix * products)
            throw new ShapeException($"{nameof(IArrayOperators.Product)}: {name} of {shape} has {shape.Count} numbers, neither one matrix of {rows}x{columns} nor {products}");
    }
}
