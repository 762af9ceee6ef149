/* Calls that fail on the log, for a program that is started with this in LD_PRELOAD.
 *
 * The file that FAULT names says what happens to each call: `error N` (a write fails with
 * this errno), `half` (it takes half of the bytes), `interrupt` (each other one fails with
 * EINTR), `sync N` (fdatasync fails). Without the file nothing does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_log(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    const char *end = strstr(path, "pipeline.json");
    return end && !strcmp(end, "pipeline.json");
}

static int fault(char verb[32])
{
    int number = 0;
    const char *path = getenv("FAULT");
    FILE *file = path ? fopen(path, "r") : NULL;
    verb[0] = 0;
    if (!file)
        return 0;
    if (fscanf(file, "%31s %d", verb, &number) < 1)
        verb[0] = 0;
    fclose(file);
    return number;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    static int calls;
    ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    char verb[32];
    if (is_log(fd)) {
        int number = fault(verb);
        if (!strcmp(verb, "interrupt") && calls++ % 2 == 0)
            number = EINTR;
        if (number && strcmp(verb, "sync")) {
            errno = number;
            return -1;
        }
        if (!strcmp(verb, "half") && count > 1)
            count /= 2;
    }
    return real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return pwrite64(fd, bytes, count, at);
}

int fdatasync(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    char verb[32];
    if (is_log(fd)) {
        int number = fault(verb);
        if (!strcmp(verb, "sync")) {
            errno = number;
            return -1;
        }
    }
    return real(fd);
}
