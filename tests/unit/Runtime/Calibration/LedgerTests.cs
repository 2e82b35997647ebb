using FsCheck;
using FsCheck.Fluent;

using Legato.Runtime.Calibration;

namespace Legato.Tests.Runtime.Calibration;

public sealed class LedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-ledger-").FullName;

    private string File => Path.Combine(_folder, "ledger.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EntriesComeBackInOrderAsTheyWere()
    {
        LedgerEntry[] entries = [Entry("a", LedgerAction.Fit), Entry("b", LedgerAction.Promote) with { Reason = "a \"quoted\" reason,\nin two lines" }, Entry("c", LedgerAction.Rollback) with { Calibration = null, Parameters = null, HoldOut = null }];
        var ledger = new Ledger(File);
        Assert.Empty(ledger.Read());
        foreach (LedgerEntry entry in entries)
            ledger.Append(_ => entry);
        IReadOnlyList<LedgerEntry> read = new Ledger(File).Read();
        Assert.Equal(entries.Select(e => e with { Evidence = [] }), read.Select(e => e with { Evidence = [] }));
        Assert.Equal(entries.Select(e => e.Evidence.Single()), read.Select(e => e.Evidence.Single()));
        Assert.Equal(3, System.IO.File.ReadAllLines(File).Length);
    }

    [Fact]
    public void LinesAreOnlyAdded()
    {
        var ledger = new Ledger(File);
        string before = "";
        foreach (string name in (string[])["a", "b", "c"])
        {
            ledger.Append(_ => Entry(name));
            string after = System.IO.File.ReadAllText(File);
            Assert.StartsWith(before, after, StringComparison.Ordinal);
            before = after;
        }
    }

    [Fact]
    public void AnyChangedCharacterIsFoundAndItsLineNamed()
    {
        var ledger = new Ledger(File);
        for (int i = 0; i < 3; i++)
            ledger.Append(_ => Entry($"calibration-{i}"));
        string text = System.IO.File.ReadAllText(File);
        Prop.ForAll(Gen.Choose(0, text.Length - 1).ToArbitrary(), at =>
        {
            char other = text[at] == '7' ? '8' : '7';
            System.IO.File.WriteAllText(File, $"{text[..at]}{other}{text[(at + 1)..]}");
            int line = text[..at].Count(c => c == '\n') + 1;
            string message = Assert.Throws<InputException>(ledger.Read).Message;
            Assert.Contains($"{File}, line {line}:", message, StringComparison.Ordinal);
        }).Holds();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ALineThatWasRemovedIsFound(int removed)
    {
        var ledger = new Ledger(File);
        for (int i = 0; i < 3; i++)
            ledger.Append(_ => Entry($"{i}"));
        System.IO.File.WriteAllLines(File, System.IO.File.ReadAllLines(File).Where((_, i) => i != removed));
        Assert.Contains($"line {removed + 1}: does not follow", Assert.Throws<InputException>(ledger.Read).Message, StringComparison.Ordinal);
        // Nothing is built on a damaged ledger.
        Assert.Throws<InputException>(() => ledger.Append(_ => Entry("new")));
        Assert.Equal(2, System.IO.File.ReadAllLines(File).Length);
    }

    [Fact]
    public void ACutLineIsFound()
    {
        var ledger = new Ledger(File);
        ledger.Append(_ => Entry("a"));
        ledger.Append(_ => Entry("b"));
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File)[..^40]);
        Assert.Contains("line 2: has no end", Assert.Throws<InputException>(ledger.Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADecisionThatThrowsLeavesTheLedgerAsItIs()
    {
        var ledger = new Ledger(File);
        ledger.Append(_ => Entry("a"));
        string before = System.IO.File.ReadAllText(File);
        Assert.Throws<InputException>(() => ledger.Append(_ => throw new InputException("no")));
        Assert.Equal(before, System.IO.File.ReadAllText(File));
        ledger.Append(entries => Entry($"after {entries.Count}"));
        Assert.Equal(["a", "after 1"], ledger.Read().Select(e => e.Calibration));
    }

    [Fact]
    public void OneAtATimeAddsAndTheOthersAreTold()
    {
        var ledger = new Ledger(File);
        ledger.Append(_ =>
        {
            Assert.Contains("try again", Assert.Throws<InputException>(() => new Ledger(File).Append(_ => Entry("intruder"))).Message, StringComparison.Ordinal);
            return Entry("first");
        });
        Assert.Equal("first", Assert.Single(ledger.Read()).Calibration);
    }

    [Fact]
    public void WhatAKilledWriterLeavesBehindIsIgnored()
    {
        var ledger = new Ledger(File);
        ledger.Append(_ => Entry("a"));
        // Killed between the temporary file and its renaming: the old ledger, a half-written new one, and a lock nobody holds.
        System.IO.File.WriteAllText(Path.Combine(_folder, ".ledger.jsonl.4242.1.tmp"), System.IO.File.ReadAllText(File) + "{\"number\":2,\"prev");
        Assert.Equal("a", Assert.Single(new Ledger(File).Read()).Calibration);
        new Ledger(File).Append(_ => Entry("b"));
        Assert.Equal(["a", "b"], ledger.Read().Select(e => e.Calibration));
    }

    private static LedgerEntry Entry(string calibration, LedgerAction action = LedgerAction.Promote) => new(
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), action, "rig", calibration, new string('a', 64), new HoldOut(2.5, 1.25, 0.5, 1.75, 12), [new EvidenceFile("validation.json", new string('b', 64))], null);
}
