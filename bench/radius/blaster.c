/* A crowd of NASes in closed loop or at a fixed rate: packets come ready from a file, replies go to another.

   blaster HOST PORT WINDOW RATE WAIT_MS TRIES OUT (SOURCE FILE)...
   One socket for each SOURCE with at most WINDOW requests on the way; RATE packets a second in all, 0 for as fast as
   replies come. WAIT_MS 0: nobody answers, so nothing is waited for. A file holds packets, two octets of length before
   each; the Identifiers of a file count up. OUT gets, for each reply that fits, the socket, the number of its packet in
   the file, the microseconds it took and the reply. Printed: sent, answered, repeated, lost, seconds. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 64

struct flight { int number, tries; double first, last; };
struct nas {
    int socket, next, count, flying;
    uint8_t *octets, **packet;
    struct flight *by_identifier[256], flights[256];
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int size_of(const uint8_t *packet) { return packet[2] << 8 | packet[3]; }

static void fail(const char *what) { perror(what); exit(1); }

static void load(struct nas *nas, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    nas->octets = malloc(size + 1);
    if (fread(nas->octets, 1, size, file) != (size_t)size) fail(path);
    fclose(file);
    nas->packet = malloc(sizeof(uint8_t *) * (size / 20 + 1));
    for (long at = 0; at < size; at += 2 + (nas->octets[at] << 8 | nas->octets[at + 1]))
        nas->packet[nas->count++] = nas->octets + at + 2;
}

static void open_socket(struct nas *nas, const char *source, const struct sockaddr_in *server) {
    struct sockaddr_in own = {.sin_family = AF_INET};
    int room = 4 << 20;
    inet_pton(AF_INET, source, &own.sin_addr);
    nas->socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    setsockopt(nas->socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (bind(nas->socket, (struct sockaddr *)&own, sizeof own)) fail(source);
    if (connect(nas->socket, (const struct sockaddr *)server, sizeof *server)) fail("connect");
}

int main(int argc, char **argv) {
    static struct nas crowd[MOST];
    if (argc < 10 || argc % 2) return 2;
    int size = (argc - 8) / 2, window = atoi(argv[3]), tries = atoi(argv[6]);
    double rate = atof(argv[4]), wait = atof(argv[5]) / 1000;
    FILE *out = fopen(argv[7], "wb");
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    struct pollfd ears[MOST];
    long sent = 0, answered = 0, repeated = 0, lost = 0, left = 0;
    if (!out || size > MOST) fail(argv[7]);
    inet_pton(AF_INET, argv[1], &server.sin_addr);
    for (int i = 0; i < size; i++) {
        open_socket(&crowd[i], argv[8 + 2 * i], &server);
        load(&crowd[i], argv[9 + 2 * i]);
        left += crowd[i].count;
        ears[i] = (struct pollfd){.fd = crowd[i].socket, .events = POLLIN};
    }
    double begun = now(), looked = begun;
    while (left) {
        double at = now();
        int moved = 0;
        for (int i = 0; i < size; i++) {
            struct nas *nas = &crowd[i];
            uint8_t reply[4200];
            for (int got; (got = recv(nas->socket, reply, sizeof reply, 0)) >= 20;) {
                struct flight *flight = nas->by_identifier[reply[1]];
                moved = 1;
                if (!flight) continue;
                at = now();
                uint32_t head[4] = {i, flight->number, (uint32_t)((at - flight->first) * 1e6), got};
                fwrite(head, sizeof head, 1, out);
                fwrite(reply, got, 1, out);
                nas->by_identifier[reply[1]] = NULL;
                nas->flying--, answered++, left--;
            }
            while (nas->next < nas->count && (!wait || nas->flying < window)) {
                uint8_t *packet = nas->packet[nas->next];
                if (wait && nas->by_identifier[packet[1]]) break;
                if (rate && sent >= (at - begun) * rate) break;
                if (send(nas->socket, packet, size_of(packet), 0) < 0 && errno == EAGAIN) break;
                if (wait) {
                    struct flight *flight = &nas->flights[packet[1]];
                    *flight = (struct flight){nas->next, 1, at, at};
                    nas->by_identifier[packet[1]] = flight;
                    nas->flying++;
                } else
                    left--;
                nas->next++, sent++, moved = 1;
                if (rate) break; /* the next NAS's turn */
            }
        }
        if (at - looked > 0.02) {
            looked = at;
            for (int i = 0; i < size; i++)
                for (int id = 0; id < 256; id++) {
                    struct flight *flight = crowd[i].by_identifier[id];
                    if (!flight || at - flight->last < wait) continue;
                    if (flight->tries++ >= tries) {
                        crowd[i].by_identifier[id] = NULL;
                        crowd[i].flying--, lost++, left--;
                        continue;
                    }
                    uint8_t *packet = crowd[i].packet[flight->number];
                    flight->last = at, repeated++;
                    if (send(crowd[i].socket, packet, size_of(packet), 0) < 0) continue;
                }
        }
        if (!moved) poll(ears, size, rate ? 0 : 5);
        if (!moved && rate) usleep(200);
    }
    fclose(out);
    printf("%ld %ld %ld %ld %.6f\n", sent, answered, repeated, lost, now() - begun);
    return 0;
}
