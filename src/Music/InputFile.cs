using System.Text;

namespace Legato.Music;

/// <summary>Reads files that users name. Stateless.</summary>
internal static class InputFile
{
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static byte[] ReadBytes(string path, string expected)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message.TrimEnd('.')}); expected {expected}", e);
        }
    }

    /// <exception cref="InputException">The file cannot be read.</exception>
    public static string ReadText(string path, string expected) => Encoding.UTF8.GetString(ReadBytes(path, expected));
}
