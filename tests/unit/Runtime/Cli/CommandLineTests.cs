using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Legato.Runtime.Cli;

namespace Legato.Tests.Runtime.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-cli-").FullName;
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture), _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_result_is_printed_for_people_or_as_one_object()
    {
        Assert.Equal(0, await Run(() => new VerbResult(new { HalfF1 = 0.5, Grade = DayOfWeek.Monday }, text => text.WriteLine("half")), "probe"));
        Assert.Equal("half", _output.ToString().Trim());

        _output.GetStringBuilder().Clear();
        Assert.Equal(1, await Run(() => new VerbResult(new { HalfF1 = 0.5, Grade = DayOfWeek.Monday }, text => text.WriteLine("half"), ExitCode.Failed), "probe", "--json"));
        Assert.Equal("""{"half_f1":0.5,"grade":"monday"}""", _output.ToString().Trim());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Numbers_are_printed_alike_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            await Run(() => new VerbResult(new { Value = 1234.5, Missing = double.NaN }, _ => { }), "probe", "--json");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal("""{"value":1234.5,"missing":"NaN"}""", _output.ToString().Trim());
    }

    [Theory]
    [InlineData("probe")]
    [InlineData("probe", "--json")]
    public async Task An_input_error_is_one_line_and_exit_code_2(params string[] args)
    {
        int code = await Run(() => throw new InputException("song.mid:3: no track\nat all"), args);
        Assert.Equal(2, code);
        Assert.Equal("legato: song.mid:3: no track at all\n", _error.ToString());
        AssertPure("song.mid:3: no track at all", 2, args);
    }

    [Theory]
    [InlineData("probe")]
    [InlineData("probe", "--json")]
    public async Task A_bug_is_one_line_and_exit_code_1_and_its_stack_lies_in_a_file(params string[] args)
    {
        int code = await Run(() => throw new InvalidOperationException("oops"), args);
        Assert.Equal(1, code);
        string line = Assert.Single(_error.ToString().TrimEnd('\n').Split('\n'));
        Assert.StartsWith("legato: unexpected error: oops", line);
        string log = Assert.Single(Directory.GetFiles(Path.Combine(_root, ".legato"), "crash-*.log"));
        Assert.Contains(log, line);
        Assert.Contains(nameof(InvalidOperationException), File.ReadAllText(log));
        AssertPure(line["legato: ".Length..], 1, args);
    }

    [Theory]
    [InlineData("prob", "did you mean 'probe'?")]
    [InlineData("zzzzzzzz", "no verb 'zzzzzzzz' (verbs: probe)")]
    public async Task An_unknown_verb_is_refused_and_a_near_one_suggested(string verb, string message)
    {
        Assert.Equal(2, await Run(Nothing, verb));
        Assert.Contains(message, _error.ToString());
        Assert.Empty(_output.ToString());
    }

    [Theory]
    [InlineData("probe", "--nonsense")]
    [InlineData("probe", "extra")]
    [InlineData("--log-file")]
    [InlineData("--json")]
    public async Task A_wrong_call_is_one_line_and_exit_code_2(params string[] args)
    {
        Assert.Equal(2, await Run(Nothing, args));
        Assert.StartsWith("legato: ", Assert.Single(_error.ToString().TrimEnd('\n').Split('\n')));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("probe", "--help")]
    public async Task Help_goes_to_standard_output(params string[] args)
    {
        Assert.Equal(0, await Run(Nothing, args));
        Assert.Contains("probe", _output.ToString());
        Assert.Contains("--json", _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task A_cancelled_verb_fails_in_one_line()
    {
        using var stop = new CancellationTokenSource();
        int code = await Run(
            () =>
            {
                stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
                return Nothing();
            },
            stop.Token, "probe");
        Assert.Equal(1, code);
        Assert.Equal("legato: stopped\n", _error.ToString());
    }

    [Fact]
    public async Task A_log_goes_to_standard_error_and_to_the_file()
    {
        string file = Path.Combine(_root, "log.txt");
        var cli = Host();
        var verb = new Probe(parse =>
        {
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            log.Debug("fine {Detail}", 1.5);
            log.Information("coarse");
            return Nothing();
        });
        Assert.Equal(0, await CommandLine.RunAsync(["probe", "--log-file", file, "--json"], cli, [verb], CancellationToken.None));
        Assert.Contains("coarse", _error.ToString());
        Assert.DoesNotContain("fine", _error.ToString());
        Assert.Contains("fine 1.5", File.ReadAllText(file));
        Assert.Equal("{}", _output.ToString().Trim());
    }

    [Fact]
    public async Task Every_real_verb_has_help_and_a_description()
    {
        foreach (IVerb verb in CommandLine.Verbs)
        {
            Command command = verb.Create(Host());
            Assert.NotEmpty(command.Description ?? "");
            Assert.Equal(0, await CommandLine.RunAsync([command.Name, "--help"], Host(), CommandLine.Verbs, CancellationToken.None));
        }
    }

    private static VerbResult Nothing() => new(new { }, _ => { });

    private CliHost Host() => new(_output, _error, false, new LegatoPaths(_root), TimeProvider.System);

    private Task<int> Run(Func<VerbResult> action, params string[] args) => Run(action, CancellationToken.None, args);

    private Task<int> Run(Func<VerbResult> action, CancellationToken cancellation, params string[] args) =>
        CommandLine.RunAsync(args, Host(), [new Probe(_ => action())], cancellation);

    private void AssertPure(string error, int code, string[] args)
    {
        if (!args.Contains("--json"))
        {
            Assert.Empty(_output.ToString());
            return;
        }
        using JsonDocument document = JsonDocument.Parse(_output.ToString());
        Assert.Equal(error, document.RootElement.GetProperty("error").GetString());
        Assert.Equal(code, document.RootElement.GetProperty("exit_code").GetInt32());
    }

    private sealed class Probe(Func<ParseResult, VerbResult> run) : IVerb
    {
        public Command Create(CliHost cli) => cli.Handle(new Command("probe", "A verb for tests"), run);
    }
}
