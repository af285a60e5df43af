@rem npm's scripts begin with `exec`, so that no shell stands between npm and Gramzoom and keeps signals to itself.
@rem Shells have it built in; cmd.exe, which npm uses on Windows, finds this file in its stead.
@%*
