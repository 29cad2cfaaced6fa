using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Tests.Import;

public sealed class OnnxBackendTests(ITestOutputHelper output)
{
    [Fact]
    public void Cases()
    {
        int passed = 0, unsupported = 0, refused = 0, wrong = 0;
        foreach (OnnxCase c in OnnxCase.All())
        {
            string outcome;
            try
            {
                using Network network = Load(c);
                network.InferShapes();
                outcome = "passes";
                passed++;
            }
            catch (UnsupportedOperatorException e)
            {
                outcome = "unsupported: " + e.Message;
                unsupported++;
            }
            catch (ModelException e)
            {
                outcome = "refused: " + e.Message;
                refused++;
            }
            catch (Exception e)
            {
                outcome = "WRONG: " + e;
                wrong++;
            }

            output.WriteLine($"{c.Group,-18} {c.Name,-60} {outcome}");
        }

        output.WriteLine($"{passed} pass, {unsupported} unsupported, {refused} refused, {wrong} wrong");
        Assert.Equal(0, wrong);
    }

    static Network Load(OnnxCase c)
    {
        try
        {
            return Network.Load(c.Model);
        }
        catch (ModelException e) when (e.Message.Contains("LoadOptions.Bind", StringComparison.Ordinal))
        {
            ModelProto model = c.Parse();
            var data = c.Data("input")[0];
            var bind = new Dictionary<string, BoundValue>();
            string[] names = [.. model.Graph.Input.Select(i => i.Name).Where(n => model.Graph.Initializer.All(t => t.Name != n))];
            for (int i = 0; i < data.Count; i++)
            {
                if (i > 0 || data[i].DataType != 1)
                    bind.Add(names[i], OnnxCase.Bound(data[i]));
            }

            return Network.Load(c.Model, new LoadOptions { Bind = bind });
        }
    }
}
