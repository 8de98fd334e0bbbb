/* SPDX-License-Identifier: GPL-2.0-only */
/* Speech of espeak-ng, run as a program: its languages, its voices, each at many speeds and pitches. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/detect/talk.h"

#define ESPEAK_RATE 22050
#define WAV_HEADER  44
#define UP	    160 /* to 8000 */
#define DOWN	    441
#define TAPS	    48 /* each side */
#define TEXT_MAX    6000

static const char *const languages[] = {
	"af",
	"am",
	"an",
	"ar",
	"as",
	"az",
	"be",
	"bg",
	"bn",
	"bs",
	"ca",
	"cs",
	"cy",
	"da",
	"de",
	"el",
	"en-gb",
	"en-us",
	"en-gb-scotland",
	"eo",
	"es",
	"es-419",
	"et",
	"eu",
	"fa",
	"fi",
	"fr-fr",
	"fr-be",
	"ga",
	"gd",
	"gu",
	"hi",
	"hr",
	"hu",
	"hy",
	"id",
	"is",
	"it",
	"ka",
	"kk",
	"kn",
	"ko",
	"ky",
	"la",
	"lt",
	"lv",
	"mk",
	"ml",
	"mr",
	"ms",
	"mt",
	"nb",
	"ne",
	"nl",
	"pa",
	"pl",
	"pt",
	"pt-br",
	"ro",
	"ru",
	"sk",
	"sl",
	"sq",
	"sr",
	"sv",
	"sw",
	"ta",
	"te",
	"tr",
	"uk",
	"ur",
	"uz",
	"vi",
};

static const char *const speakers[] = {
	"m1",	   "m2",    "m3",    "m4",	"m5",	    "m6",     "m7",	"m8",	   "f1",     "f2",    "f3",
	"f4",	   "f5",    "croak", "whisper", "whisperf", "klatt",  "klatt2", "klatt3",  "klatt4", "Andy",  "Annie",
	"Gene",	   "Jacky", "Lee",   "Mario",	"Michael",  "adam",   "anika",	"belinda", "boris",  "david", "grandma",
	"grandpa", "linda", "max",   "paul",	"quincy",   "robert", "steph",	"travis",  "victor",
};

#define COUNT(a) (unsigned)(sizeof(a) / sizeof((a)[0]))

bool espeak_is_there(void)
{
	return system("command -v espeak-ng >/dev/null 2>&1") == 0;
}

/* A piece of a file, from a drawn place in it. */
static size_t read_text(const char *file, char *text, size_t room, struct dice *d)
{
	FILE *f = fopen(file, "r");
	size_t n = 0;
	long size;

	if (!f)
		return 0;
	if (!fseek(f, 0, SEEK_END) && (size = ftell(f)) > (long)room &&
	    !fseek(f, (long)dice_below(d, (unsigned)(size - (long)room)), SEEK_SET))
		n = fread(text, 1, room, f);
	fclose(f);
	return n;
}

static size_t draw_words(char *text, size_t room, struct dice *d)
{
	static const char consonants[] = "bcdfghjklmnprstvwz", vowels[] = "aeiou";
	size_t n = 0;

	while (n + 24 < room) {
		for (unsigned k = dice_below(d, 4) + 1; k > 0; k--) {
			text[n++] = consonants[dice_below(d, sizeof(consonants) - 1)];
			text[n++] = vowels[dice_below(d, sizeof(vowels) - 1)];
			if (dice_below(d, 4) == 0)
				text[n++] = consonants[dice_below(d, sizeof(consonants) - 1)];
		}
		if (dice_below(d, 12) == 0)
			n += (size_t)snprintf(text + n, 12, " %u", dice_below(d, 100000));
		text[n++] = dice_below(d, 8) ? ' ' : ".,?!"[dice_below(d, 4)];
		text[n++] = ' ';
	}
	return n;
}

/* A windowed sinc of 3.6 kHz, at each of the 160 places a sample of ours may have between two of theirs (441 to
 * 160). */
static const float (*sinc_table(void))[2 * TAPS]
{
	static float table[UP][2 * TAPS];
	const double cutoff = 2 * 3600.0 / ESPEAK_RATE;

	for (unsigned p = 0; p < UP && table[0][TAPS] == 0; p++)
		for (unsigned k = 0; k < 2 * TAPS; k++) {
			double x = (double)k - (TAPS - 1) - (double)p / UP, w = 0.5 + 0.5 * cos(M_PI * x / TAPS);

			table[p][k] = (float)(w * (fabs(x) < 1e-9 ? cutoff : sin(M_PI * cutoff * x) / (M_PI * x)));
		}
	return (const float(*)[2 * TAPS]) table;
}

/* From 22050 to 8000 samples a second. */
static void resample(struct sound *s, const int16_t *in, size_t n)
{
	const float(*table)[2 * TAPS] = sinc_table();

	for (size_t i = 0; i < s->n; i++) {
		size_t at = i * DOWN / UP;
		const float *w = table[i * DOWN % UP];
		float sum = 0;

		if (at < TAPS || at + TAPS >= n)
			continue;
		for (unsigned k = 0; k < 2 * TAPS; k++)
			sum += w[k] * in[at - (TAPS - 1) + k];
		s->x[i] = sum;
	}
}

static int read_speech(struct sound *s, const char *command)
{
	size_t room = (size_t)((double)s->n * ESPEAK_RATE / SOUND_RATE) + ESPEAK_RATE, n = 0;
	int16_t *in = malloc(room * sizeof(*in));
	FILE *f = in ? popen(command, "r") : NULL;
	char header[WAV_HEADER];
	int err = !in ? ENOMEM : !f ? errno : 0;

	if (!err && fread(header, 1, sizeof(header), f) == sizeof(header))
		n = fread(in, sizeof(*in), room, f);
	if (f)
		pclose(f); /* it may have more to say than we listen to */
	if (!err && n == 0)
		err = EIO;
	if (!err)
		resample(s, in, n);
	free(in);
	return err;
}

int espeak_make(struct sound *s, double seconds, const char *file, struct dice *d)
{
	const char *language = languages[dice_below(d, COUNT(languages))],
		   *speaker = speakers[dice_below(d, COUNT(speakers))];
	char command[256], path[] = "/tmp/detect-XXXXXX", text[TEXT_MAX];
	size_t n = file ? read_text(file, text, sizeof(text), d) : draw_words(text, sizeof(text), d);
	int fd = mkstemp(path), err = fd < 0 ? errno : 0;
	FILE *f = err ? NULL : fdopen(fd, "w");

	if (!err && (!f || n == 0 || fwrite(text, 1, n, f) != n || fclose(f)))
		err = EIO;
	snprintf(command, sizeof(command), "espeak-ng -v %s+%s -s %u -p %u --stdout -f %s 2>/dev/null", language,
		 speaker, 100 + dice_below(d, 160), dice_below(d, 100), path);
	sound_clear(s, seconds);
	if (!err)
		err = read_speech(s, command);
	if (fd >= 0)
		unlink(path);
	if (!err)
		sound_set_active(s, dice_between(d, -30, -12));
	return err;
}
