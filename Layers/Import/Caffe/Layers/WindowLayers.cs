using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>Convolution, Deconvolution and Pooling.</summary>
internal static class WindowLayers
{
    public static void Convolution(CaffeLayer layer)
    {
        (CaffeMessage p, Node x, int channels, int filters, int groups) = Read(layer);
        Window window = Sliding(p);
        layer.Finish(new Convolution
        {
            Weight = layer.Weight(0, null, filters, channels / groups, window.Kernel.Y, window.Kernel.X),
            Bias = p.Flag("bias_term", true) ? layer.Weight(1, 0, filters) : null,
            Sliding = window,
            Groups = groups,
        }, x);
    }

    public static void Deconvolution(CaffeLayer layer)
    {
        (CaffeMessage p, Node x, int channels, int filters, int groups) = Read(layer);
        Window window = Sliding(p);
        layer.Finish(new TransposedConvolution
        {
            Weight = layer.Weight(0, null, channels, filters / groups, window.Kernel.Y, window.Kernel.X),
            Bias = p.Flag("bias_term", true) ? layer.Weight(1, 0, filters) : null,
            Sliding = window,
            Groups = groups,
        }, x);
    }

    /// <summary>Pooling; a last window that sticks out counts unless the file says otherwise. An average divides by the window within the padded plane.</summary>
    public static void Pooling(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("pooling_param");
        int method = p.Integer("pool", 0);
        if (method is not (0 or 1))
            throw new ShapeException($"its pool {(method == 2 ? "STOCHASTIC" : method)} is not supported: MAX and AVE are");
        Node x = layer.Input();
        if (p.Flag("global_pooling", false))
        {
            if (p.Has("kernel_size") || p.Has("kernel_h") || p.Has("kernel_w"))
                throw new ShapeException("global pooling has the plane for its window, but a kernel is given");
            layer.Finish(new GlobalPool { Maximum = method == 0 }, x);
            return;
        }

        Window window = Sliding(p) with { CeilMode = p.Integer("round_mode", 0) == 0 };
        if (window.Pads.Top >= window.Kernel.Y || window.Pads.Left >= window.Kernel.X)
            throw new ShapeException($"its padding {window.Pads.Top}x{window.Pads.Left} must be below its kernel {window.Kernel.Y}x{window.Kernel.X}");
        layer.Finish(method == 0 ? new MaxPool { Sliding = window } : new AveragePool { Sliding = window, CountIncludesPad = true }, x);
    }

    static (CaffeMessage Parameters, Node X, int Channels, int Filters, int Groups) Read(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("convolution_param");
        Node x = layer.Input();
        int channels = layer.ShapeOf(x).C, filters = p.Integer("num_output", 0), groups = p.Integer("group", 1);
        if (p.Integer("axis", 1) != 1)
            throw new ShapeException($"its axis {p.Integer("axis", 1)} is not supported: channels on axis 1 are");
        if (filters < 1 || groups < 1 || channels % groups != 0 || filters % groups != 0)
            throw new ShapeException($"{filters} outputs and {channels} input channels do not go into {groups} groups");
        return (p, x, channels, filters, groups);
    }

    static Window Sliding(CaffeMessage p)
    {
        (int y, int x) = Pair(p, "kernel", "kernel_size", 0);
        (int padY, int padX) = Pair(p, "pad", "pad", 0);
        return new Window
        {
            Kernel = (y, x),
            Stride = Pair(p, "stride", "stride", 1),
            Pads = (padY, padX, padY, padX),
            Dilation = Pair(p, "dilation", "dilation", 1),
        };
    }

    /// <summary>Rows and columns: given as NAME_h and NAME_w, as one number for both, or as two.</summary>
    static (int Y, int X) Pair(CaffeMessage p, string name, string both, int absent)
    {
        if (p.Has(name + "_h") || p.Has(name + "_w"))
            return (p.Integer(name + "_h", absent), p.Integer(name + "_w", absent));
        return p.Integers(both) switch
        {
            [] => (absent, absent),
            [int one] => (one, one),
            [int y, int x] => (y, x),
            int[] more => throw new ShapeException($"its {both} has {more.Length} values: windows over two axes are supported"),
        };
    }
}
