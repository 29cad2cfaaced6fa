namespace Preimage.Perf.Results;
internal static class ReadmeTable { public static int Rewrite() => 0; }
