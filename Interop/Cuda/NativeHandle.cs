using System.Runtime.InteropServices;
using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda;

/// <summary>Something of CUDA's that is owned, or borrowed from somebody who does.</summary>
/// <remarks>
/// A child holds a reference on its parent, so that disposing in any order, or leaving it to finalizers (which run in no
/// order), destroys children first. Disposing never throws: what a destroying call returned is counted in
/// <see cref="Failures"/>. When the process exits nothing native is called any more: the driver may be gone already.
/// </remarks>
public abstract class NativeHandle : SafeHandle
{
    static int s_outstanding;
    static int s_failures;
    static volatile bool s_exiting;

    NativeHandle? _parent, _second;
    bool _attached;

    static NativeHandle() => AppDomain.CurrentDomain.ProcessExit += (_, _) => s_exiting = true;

    private protected NativeHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>How many owned objects have not been destroyed yet, in the whole process.</summary>
    public static int Outstanding => Volatile.Read(ref s_outstanding);

    /// <summary>How many destroying calls have failed so far, other than those of contexts already lost.</summary>
    public static int Failures => Volatile.Read(ref s_failures);

    /// <summary>Whether we destroy it; false for an object of somebody else's.</summary>
    public bool IsOwned { get; private set; }

    /// <inheritdoc/>
    public override bool IsInvalid => !_attached;

    /// <summary>The native handle, valid until this object is disposed; keep the object alive while it is used.</summary>
    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>Whether it is the finalizer that is freeing.</summary>
    private protected bool IsFinalizing { get; private set; }

    /// <summary>Whether a number can be a handle of the driver's at all, which are addresses: it reads what lies there without a check.</summary>
    private protected static bool IsAddress(nint handle) => handle > 0xFFFF && handle % sizeof(long) == 0;

    /// <summary>Destroys the native object; the parent is still alive.</summary>
    private protected abstract CUresult Free();

    /// <summary>Takes over a native handle that was just made, or borrows one.</summary>
    private protected void Attach(nint native, bool owned, NativeHandle? parent, NativeHandle? second = null)
    {
        bool added = false;
        parent?.DangerousAddRef(ref added);
        second?.DangerousAddRef(ref added);
        _parent = parent;
        _second = second;
        SetHandle(native);
        IsOwned = owned;
        _attached = true;
        if (owned) Interlocked.Increment(ref s_outstanding);
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        bool gone = true;
        if (IsOwned)
        {
            // An exception must not leave the finalizer's thread.
            try
            {
                gone = s_exiting || Free().IsGone();
            }
            catch (Exception)
            {
                gone = false;
            }
            if (!gone) Interlocked.Increment(ref s_failures);
            Interlocked.Decrement(ref s_outstanding);
        }
        _second?.DangerousRelease();
        _parent?.DangerousRelease();
        return gone;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing) IsFinalizing = true;
        base.Dispose(disposing);
    }
}
