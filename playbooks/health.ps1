# health.ps1: how a machine is: its system, memory, processes and disks. For PowerShell 5.1 and newer, on Windows and on
# Linux. It reads, and changes nothing.
"$([Environment]::MachineName), $([Environment]::OSVersion), PowerShell $($PSVersionTable.PSVersion)"
Get-Date -Format o

# A function is one step. Its help goes with it.
function Get-FullDisk {
    <#
    .SYNOPSIS
    File systems that have less than a share of their space left.
    #>
    param(
        # The share, from 0 to 1.
        [double]$Below = 0.1
    )

    Get-PSDrive -PSProvider FileSystem |
        # A drive without a medium has no space at all.
        Where-Object { $_.Used -and $_.Free / ($_.Used + $_.Free) -lt $Below } |
        Select-Object -Property Name, Root, @{ Name = 'FreeGB'; Expression = { [math]::Round($_.Free / 1GB, 1) } }
}

Get-Process | Sort-Object -Property WorkingSet64 -Descending | Select-Object -First 5 -Property Id, ProcessName, WorkingSet64
Get-FullDisk -Below 1

# The step that a night is judged by: it fails where a disk is nearly full.
$full = @(Get-FullDisk)
if ($full.Count -gt 0) {
    throw "Nearly full: $($full.Root -join ', ')"
}
'No disk is nearly full.'
