namespace Marketplace.Cli.Running;

/// <summary>A file that is named on the command line.</summary>
internal static class InputFile
{
    /// <exception cref="CommandFailure">There is no such file, or it may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailure(ExitCode.Refused, e is FileNotFoundException or DirectoryNotFoundException ? $"нет файла «{path}»" : $"файл «{path}» не читается");
        }
    }
}
