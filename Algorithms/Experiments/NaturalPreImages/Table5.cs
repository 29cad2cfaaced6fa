using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Table 5: how well each layer of a network is inverted, for four values of C.</summary>
internal sealed class Table5 : Experiment
{
    static readonly double[] s_cs = [1, 20, 100, 300];

    public override string Name => "mv-table5";

    public override string Shows => "Table 5: the mean error of inverting every layer with C = 1, 20, 100 and 300; it falls as C grows, in early layers above all.";

    public override int Pictures => 3;

    public override int PaperPictures => 100;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        from subject in Subjects(laboratory)
        from node in laboratory.NodesOf(subject, subject.Layers)
        from c in s_cs
        from photo in laboratory.Photos
        select InversionTrial.Of(laboratory, subject, photo, node.Name, c).Unit();

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Error of inversion by layer", Columns = 1, LabelScale = 3 };
        foreach (Subject subject in Subjects(laboratory))
        {
            IReadOnlyList<Node> nodes = laboratory.NodesOf(subject, subject.Layers);
            string[] layers = [.. subject.Layers.Select(n => n.Name)];
            var plot = new LinePlot { YLabel = "error, %", LogY = true, Categories = [.. nodes.Select(n => n.Name)], Width = Math.Max(720, 24 * nodes.Count + 160), Height = 680 };
            double[][] means = [.. s_cs.Select(c => nodes.Select(node => Statistics.Mean(Errors(subject, node, c))).ToArray())];
            for (int i = 0; i < s_cs.Length; i++)
                plot.Add(string.Create(CultureInfo.InvariantCulture, $"C = {s_cs[i]}"), means[i]);
            sheet.Add(plot.Render(), subject.Name);

            Node[] early = [.. nodes.Where(n => Depth.Part(subject, n) <= 0.5)];
            double[] falling = [.. early.Select(n => Statistics.Falling([.. s_cs.Select(c => Statistics.Mean(Errors(subject, n, c)))]))];
            if (falling.Length > 0)
            {
                double share = 100 * Statistics.Mean(falling);
                rows.Add(ResultRow.Claim($"{subject.Name}: steps of C at which the error falls, first half of the layers", "all", share, "%", share == 100));
            }

            for (int n = 0; n < nodes.Count; n++)
            {
                for (int i = 0; i < s_cs.Length; i++)
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"{subject.Name} {nodes[n].Name}, C = {s_cs[i]}{Statistics.Spread(Errors(subject, nodes[n], s_cs[i]))}");
                    rows.Add(subject.IsTrained && Table5Paper.Of(layers, nodes[n].Name, s_cs[i]) is { } paper
                        ? ResultRow.Number(name, paper.Mean, paper.Deviation, means[i][n], "%")
                        : ResultRow.Measured(name, means[i][n], "%"));
                }
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "The paper's numbers are of trained AlexNet; they stand beside networks of its layers that learnt something."]);

        double[] Errors(Subject subject, Node node, double c) =>
            [.. laboratory.Photos.Select(p => results.Number(InversionTrial.Of(laboratory, subject, p, node.Name, c).Key, "error"))];
    }

    static IReadOnlyList<Subject> Subjects(Laboratory laboratory) =>
        laboratory.Subjects(SubjectCatalogue.SqueezeNet, SubjectCatalogue.CifarFull, SubjectCatalogue.AlexNet);
}
