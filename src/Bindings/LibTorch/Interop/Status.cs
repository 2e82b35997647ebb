using System.Text;

namespace TorchSharp.Interop;

/// <summary>Turns the shim's statuses into exceptions.</summary>
internal static class Status
{
    public static void Check(int status)
    {
        if (status != 0)
            Throw(status);
    }

    private static void Throw(int status)
    {
        string message = LastError();
        throw status switch
        {
            2 => new TorchIndexException(message),
            3 => new TorchValueException(message),
            4 => new TorchTypeException(message),
            5 => new TorchNotImplementedException(message),
            6 => new TorchOutOfMemoryException(message),
            7 => new TensorBudgetException($"{message} ({Native.lt_tensor_budget():N0}): dispose tensors, or use torch.NewDisposeScope()"),
            _ => new TorchException(message),
        };
    }

    private static unsafe string LastError()
    {
        int length = Native.lt_last_error(null, 0);
        byte[] text = new byte[length + 1];
        fixed (byte* p = text)
            _ = Native.lt_last_error(p, text.Length);
        return Encoding.UTF8.GetString(text, 0, length);
    }
}
