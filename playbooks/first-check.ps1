# A first check of a machine. Each line means the same to PowerShell and to a POSIX shell.
uname -s
id -un
cd /usr
echo "here is
a block of two lines"
ls -d bin lib share
cat /etc/hostname
df -P /
echo done
