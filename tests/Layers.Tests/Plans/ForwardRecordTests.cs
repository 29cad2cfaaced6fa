using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Plans;

/// <summary>Masks and switches taken out of a plan, saved, changed and put back.</summary>
public class ForwardRecordTests
{
    // All step over the normalisation, whose derivative reads activations that no record holds.
    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient with { Lrn = LrnRule.Identity }, BackwardRule.Deconvnet, BackwardRule.Guided];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_record_holds_what_the_oracle_decided(int batch)
    {
        using Fixture f = new(batch);
        ForwardRecord record = f.Run(1).Export();
        Assert.Equal(new[] { "hidden_relu", "left_relu", "pool", "relu", "right_relu" }, record.Nodes.Order());
        for (int n = 0; n < batch; n++)
        {
            OracleRecord expected = f.Oracle(1, n).Record;
            foreach ((Node node, bool[] mask) in expected.Masks)
            {
                Assert.False(record.HoldsSwitches(node.Name));
                for (int i = 0; i < mask.Length; i++)
                    Assert.True(mask[i] == Bit(record.Mask(node.Name), n * mask.Length + i), $"{node.Name}, sample {n}, unit {i}");
            }

            Assert.True(record.HoldsSwitches("pool"));
            int[] switches = expected.Switches[f.Network.Nodes["pool"]];
            Assert.Equal(switches, record.Switches("pool").Slice(n * switches.Length, switches.Length).ToArray());
            Assert.Equal(batch, record.ShapeOf("pool").N);
        }
    }

    [Fact]
    public void A_saved_record_is_the_record()
    {
        using Fixture f = new(2);
        ExecutionPlan plan = f.Run(1);
        ForwardRecord record = plan.Export();
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
        try
        {
            record.Save(path);
            ForwardRecord loaded = ForwardRecord.Load(path);
            Assert.Equal(record.Nodes.Order(), loaded.Nodes.Order());
            foreach (string node in record.Nodes)
            {
                Assert.Equal(record.ShapeOf(node), loaded.ShapeOf(node));
                if (record.HoldsSwitches(node)) Assert.Equal(record.Switches(node).ToArray(), loaded.Switches(node).ToArray());
                else Assert.Equal(record.Mask(node).ToArray(), loaded.Mask(node).ToArray());
            }

            float[][] own = [.. s_rules.Select(r => f.Map(plan, r))];
            // Another picture in between, so that the import has something to replace.
            f.Run(2);
            Assert.NotEqual(own[2], f.Map(plan, s_rules[2]));
            plan.Import(loaded);
            for (int i = 0; i < s_rules.Length; i++) Agreement.SameBits(own[i], f.Map(plan, s_rules[i]), $"{s_rules[i].Relu} over the loaded record");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Another_pictures_record_gives_the_oracles_map_with_its_switches()
    {
        using Fixture f = new(1);
        ExecutionPlan plan = f.Run(2);
        ForwardRecord other = plan.Export();
        NetworkOracle oracle = f.Oracle(1, 0);
        foreach (BackwardRule rule in s_rules)
        {
            float[] own = f.Map(f.Run(1), rule), with = new float[own.Length];
            double[] seed = Array.ConvertAll(f.Seed, v => (double)v);
            plan.Backward(f.Seed, rule, with, other);
            double[] expected = oracle.Backward(f.Network.Output, seed, rule, f.Oracle(2, 0).Record)[f.Network.Input];
            Agreement.Close(expected, with, 1e-5, $"{rule.Relu} with the other picture's record");
            Assert.NotEqual(own, with);
        }
    }

    [Fact]
    public void Replaced_switches_alone_move_the_deconvnet_map()
    {
        using Fixture f = new(1);
        ExecutionPlan plan = f.Run(1);
        ForwardRecord record = plan.Export();
        float[] before = f.Map(plan, BackwardRule.Deconvnet);
        // Every window, 3x3 at stride 2 of a plane of 14x12, to its first pixel.
        int[] first = [.. Enumerable.Range(0, record.Switches("pool").Length).Select(i => 2 * (i / 6 % 7) * 12 + 2 * (i % 6))];
        first.CopyTo(record.Switches("pool"));
        plan.Import(record);
        OracleRecord expected = f.Oracle(1, 0).Record;
        first.CopyTo(expected.Switches[f.Network.Nodes["pool"]], 0);
        double[] seed = Array.ConvertAll(f.Seed, v => (double)v);
        float[] after = f.Map(plan, BackwardRule.Deconvnet);
        Agreement.Close(f.Oracle(1, 0).Backward(f.Network.Output, seed, BackwardRule.Deconvnet, expected)[f.Network.Input], after, 1e-5, "cleared switches");
        Assert.NotEqual(before, after);
        // The next forward run decides for itself again.
        Agreement.SameBits(before, f.Map(f.Run(1), BackwardRule.Deconvnet), "after another forward run");
    }

    [Fact]
    public void Switches_of_minus_one_pass_nothing()
    {
        using Fixture f = new(1);
        ExecutionPlan plan = f.Run(1);
        ForwardRecord record = plan.Export();
        record.Switches("pool").Fill(-1);
        plan.Import(record);
        Assert.All(f.Map(plan, BackwardRule.Deconvnet), v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_flipped_mask_bit_moves_guided_as_the_oracle_says()
    {
        using Fixture f = new(1);
        ExecutionPlan plan = f.Run(1);
        ForwardRecord record = plan.Export();
        float[] guided = f.Map(plan, BackwardRule.Guided), deconvnet = f.Map(plan, BackwardRule.Deconvnet);
        NetworkOracle oracle = f.Oracle(1, 0);
        Node relu = f.Network.Nodes["relu"];
        double[] seed = Array.ConvertAll(f.Seed, v => (double)v);
        // A unit that is on and receives a positive signal: without its bit the signal ends there.
        double[] arriving = oracle.Backward(f.Network.Output, seed, BackwardRule.Guided)[relu];
        int unit = Enumerable.Range(0, arriving.Length).Where(i => Bit(record.Mask("relu"), i)).MaxBy(i => arriving[i]);
        Assert.True(arriving[unit] > 0);
        record.Mask("relu")[unit / 8] ^= (byte)(1 << unit % 8);
        plan.Import(record);
        oracle.Record.Masks[relu][unit] = false;

        float[] flipped = f.Map(plan, BackwardRule.Guided);
        Agreement.Close(oracle.Backward(f.Network.Output, seed, BackwardRule.Guided)[f.Network.Input], flipped, 1e-5, "guided with one bit less");
        Assert.NotEqual(guided, flipped);
        // One unit of a 3x3 convolution: nothing outside its window changed.
        Assert.InRange(guided.Zip(flipped).Count(p => p.First != p.Second), 1, 27);
        Agreement.SameBits(deconvnet, f.Map(plan, BackwardRule.Deconvnet), "DeconvNet does not read masks");
    }

    [Fact]
    public void Records_that_do_not_fit_are_refused()
    {
        using Fixture one = new(1), two = new(2);
        ForwardRecord pair = two.Run(1).Export();
        ExecutionPlan plan = one.Run(1);
        float[] before = one.Map(plan, BackwardRule.Guided);
        Says(plan, pair, "2x", "1x");
        Says(plan, new ForwardRecord(), "nothing for node");
        Agreement.SameBits(before, one.Map(plan, BackwardRule.Guided), "records of another shape leave the plan as it was");
        ForwardRecord record = plan.Export();
        foreach (int nowhere in (int[])[14 * 12, -2])
        {
            record.Switches("pool")[3] = nowhere;
            Says(one.Run(1), record, $"{nowhere}");
            // Half a record is no picture's: the plan wants to run first.
            Assert.Contains("has not run", Assert.Throws<PreimageException>(() => plan.Backward(one.Seed, BackwardRule.Guided)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("recorded mask, not switches", Assert.Throws<PreimageException>(() => record.Switches("relu")).Message, StringComparison.Ordinal);
        Assert.Contains("recorded switches, not a mask", Assert.Throws<PreimageException>(() => record.Mask("pool")).Message, StringComparison.Ordinal);
        Assert.Throws<PreimageException>(() => record.Mask("nowhere"));
        Agreement.SameBits(before, one.Map(one.Run(1), BackwardRule.Guided), "after refused imports");

        static void Says(ExecutionPlan plan, ForwardRecord record, params ReadOnlySpan<string> parts)
        {
            string message = Assert.Throws<PreimageException>(() => plan.Import(record)).Message;
            foreach (string part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    static bool Bit(ReadOnlySpan<byte> mask, int unit) => (mask[unit / 8] >> unit % 8 & 1) != 0;

    /// <summary>The mixed network with a plan, and pictures by number whose decisions are far from any tie.</summary>
    sealed class Fixture : IDisposable
    {
        readonly Engine _engine;
        readonly ExecutionPlan _plan;
        readonly int _batch;

        public Fixture(int batch)
        {
            _batch = batch;
            Network = SmallNetworks.Mixed();
            _engine = Network.On(Device.Cpu);
            _plan = _engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward });
            Seed = Draw.Normal(40, _plan.SeedShape);
        }

        public Network Network { get; }

        public float[] Seed { get; }

        public ExecutionPlan Run(int picture)
        {
            _plan.SetInput(Network.Input, [.. Enumerable.Range(0, _batch).SelectMany(n => Decided(picture, n).Input)]);
            _plan.Forward();
            return _plan;
        }

        public float[] Map(ExecutionPlan plan, BackwardRule rule)
        {
            var map = new float[Network.InputShape.Count * _batch];
            plan.Backward(Seed, rule, map);
            return map;
        }

        public NetworkOracle Oracle(int picture, int sample) => Decided(picture, sample).Oracle;

        (float[] Input, NetworkOracle Oracle) Decided(int picture, int sample) => Rules.JacobianOracleTests.Decided(Network, picture * 1000 + sample);

        public void Dispose()
        {
            _plan.Dispose();
            _engine.Dispose();
            Network.Dispose();
        }
    }
}
