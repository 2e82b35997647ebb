using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Legato.Runtime.Cli;

/// <summary>Structured logs on standard error, and in a file where one is named, written by a thread of their own.</summary>
internal static class Logs
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>Creates a logger. Dispose it to flush.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="verbose">Debug messages too.</param>
    /// <param name="file">A file that receives everything, or null.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static Logger Create(TextWriter error, bool verbose, string? file)
    {
        LoggerConfiguration configuration = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .WriteTo.Async(sinks => sinks.Sink(new WriterSink(error), verbose ? LogEventLevel.Debug : LogEventLevel.Information));
        if (file is not null)
        {
            RequireWritable(file);
            configuration.WriteTo.Async(sinks => sinks.File(file, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture));
        }
        return configuration.CreateLogger();
    }

    // The sink itself would keep silent about it.
    private static void RequireWritable(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            using FileStream stream = new(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--log-file {file}: cannot be written: {e.Message}", e);
        }
    }

    private sealed class WriterSink(TextWriter writer) : ILogEventSink
    {
        private readonly MessageTemplateTextFormatter _formatter = new(Template, CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent)
        {
            _formatter.Format(logEvent, writer);
            writer.Flush();
        }
    }
}
