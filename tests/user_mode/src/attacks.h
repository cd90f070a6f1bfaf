/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an app could try that has got the runtime under its control.
 */

#ifndef TESTS_USER_MODE_ATTACKS_H_
#define TESTS_USER_MODE_ATTACKS_H_

#include <zephyr/kernel.h>

enum attack {
	NO_ATTACK,
	/* None, either: what the attacks on grants do, as the manifest has it. */
	USES_WHAT_IS_GRANTED,
	/* And what CONFIG_WASM_USERSPACE_CALLS opens. */
	USES_OPENED_CALL,
	GIVES_SEMAPHORE_FOR_ALL,
	/* What the runtime asks the gate for, by its number. */
	FRAME_OF_ITS_OWN,
#ifdef CONFIG_CPU_CORTEX_M
	/* The same in an IT block, of which the kernel is to leave out the rest. */
	CALLS_UNDER_A_CONDITION,
#endif
	/* What is left of it as it ends; and more than that, of which nothing is told. */
	TELLS_WHAT_REMAINS,
	TELLS_MORE_THAN_IT_HAS,
	/* Whatever it likes as its last words. */
	LEAVES_NO_TEXT,
	/* And as its result, where a function of it is called by name, what is not its own. */
	RESULT_FROM_KERNEL,
	RESULT_FROM_NEIGHBOUR,
	RESULT_OF_NOTHING,
	/* And what it may do with its own memory. */
	LEAVES_SECRETS,
	HARMLESS = LEAVES_SECRETS,
	/* Memory. */
	WRITES_KERNEL,
	READS_KERNEL,
	WRITES_NEIGHBOUR,
	READS_NEIGHBOUR,
	/* What the app before on its slot has had. */
	FINDS_SECRET_IN_REGION,
	FINDS_SECRET_ON_STACK,
	WRITES_OWN_SLOT,
	WRITES_FLASH,
	/* What is stored there, maybe another's. */
	READS_FLASH_BEHIND_IMAGE,
	WRITES_DEVICE,
	TURNS_PROTECTION_OFF,
	RUNS_DATA,
	/* What is said of its thread in its own memory: all above the stack's top. */
	FORGES_ITS_THREAD,
	/* The same by what a call writes, while the kernel works for the thread. */
	RECEIVES_INTO_ITS_THREAD,
	/* What the C library believes, in the kernel too: which function prints a character, where
	 * the heap of malloc() is, where errno is. */
	WRITES_LIBRARY,
	MOVES_ERRNO,
	/* A stack where it may not write, nor the processor for it as it faults; and text that is
	 * not there, where the kernel looks at one for it. */
	STACK_NOWHERE,
	STACK_IN_KERNEL,
	STACK_IN_FLASH,
	FAULTS_TWICE,
#ifdef CONFIG_CPU_CORTEX_M
	CALLS_WITH_STACK_NOWHERE,
#endif
	READS_TEXT_NOWHERE,
	/* The gate. */
	FORGES_NUMBER,
	FRAME_IN_KERNEL,
	FRAME_ACROSS_THE_END,
	FRAME_NOT_ALIGNED,
	/* What the kernel believes of its thread is where it wants the result. */
	FRAME_OVER_ITS_THREAD,
#ifdef CONFIG_CPU_CORTEX_M
	/* Zephyr comes back to the stack of a call while it has the kernel's rights. */
	CALLS_ON_SHARED_STACK,
	CALLS_AT_THE_END_OF_ITS_STACK,
#endif
	RESULT_INTO_KERNEL,
	RESULT_INTO_NEIGHBOUR,
	RESULT_WITHOUT_END,
	/* What it may read, and is not there on every chip. */
	PUBLISHES_FLASH_BEHIND_IMAGE,
#ifdef CONFIG_CPU_CORTEX_M
	/* And what the linker has rounded the image's size up by. */
	PUBLISHES_FLASH_BESIDE_IMAGE,
#endif
	STOPS_TIMER_OF_NEIGHBOUR,
	TIMER_OUT_OF_RANGE,
	RESULT_INTO_SHARED,
	SOCKETS_WITHOUT_END,
	CONNECTS_NOBODYS_SOCKET,
	/* What its manifest does not grant. */
	USES_OTHER_API,
	PUBLISHES_OTHER_TOPIC,
	SUBSCRIBES_TO_OTHER_TOPIC,
	QUEUES_MORE,
	REACHES_OTHER_PEER,
	TAKES_OTHER_PORT,
	/* An address that is neither of IPv4 nor of IPv6. */
	REACHES_NEITHER_PEER,
	/* Whoever has sent last may be answered. */
	ANSWERS_NOBODY,
	/* Texts that are granted as a whole, and would end before. */
	PUBLISHES_ZERO,
	SUBSCRIBES_TO_ZERO,
	RESOLVES_ZERO,
	SERVES_ZERO,
	ASKS_FOR_ZERO,
	STORES_ZERO,
	/* And those that no buffer of the kernel has room for. */
	LOADS_LONG_KEY,
	REMOVES_LONG_KEY,
	ASKS_FOR_LONG_PATH,
	SERVES_LONG_PATH,
	/* A host that is granted by its end, and that Zephyr has no room for as what it begins as.
	 */
	RESOLVES_LONG_PORT,
	/* More than its manifest has, while the pools of the image have more. */
	HOARDS_TIMERS,
	HOARDS_HANDLES,
	HOARDS_AGAIN,
	/* URLs that are not what they look like, and requests with more in them than one. */
	FETCHES_BEHIND_DOTS,
	FETCHES_BEHIND_ESCAPES,
	FETCHES_FROM_OTHER_HOST,
	FETCHES_BY_OTHER_PORT,
	FETCHES_WITH_OTHER_HOST_HEADER,
	FETCHES_TWICE,
	/* Files where no directory of its is, by paths that are granted as they begin. */
	OPENS_OUTSIDE,
	SEES_OUTSIDE,
	LISTS_OUTSIDE,
	OPENS_BEHIND_DOTS,
	SEES_BEHIND_DOTS,
	LISTS_BEHIND_DOTS,
	MAKES_BEHIND_DOTS,
	REMOVES_BEHIND_DOTS,
	OPENS_BESIDE,
	OPENS_BEHIND_TWO_SLASHES,
	OPENS_BY_A_DOT,
	OPENS_BEHIND_ZERO,
	REMOVES_BEHIND_ZERO,
	OPENS_LONG_PATH,
	MOVES_OUT,
	MOVES_IN,
	MOVES_BEHIND_DOTS,
	REMOVES_ITS_DIRECTORY,
	MOVES_ITS_DIRECTORY,
	/* And what it may only read. */
	WRITES_READ_ONLY,
	MAKES_FILE_IN_READ_ONLY,
	EMPTIES_READ_ONLY,
	MAKES_IN_READ_ONLY,
	REMOVES_READ_ONLY,
	MOVES_READ_ONLY,
	WRITES_WHAT_IT_READS,
	CUTS_WHAT_IT_READS,
	EMPTIES_WITHOUT_WRITING,
	/* Files of others: of the neighbour; and of its own input, whose place the next file would
	 * have. */
	READS_FILE_OF_NEIGHBOUR,
	WRITES_FILE_OF_NEIGHBOUR,
	CLOSES_FILE_OF_NEIGHBOUR,
	LISTS_FOR_NEIGHBOUR,
	READS_FILE_OUT_OF_RANGE,
	CLOSES_ITS_INPUT,
	READS_FILE_OF_ITS_INPUT,
	WRITES_TO_ITS_INPUT,
	WRITES_TO_NO_STREAM,
	ASKS_FOR_NO_STREAM,
	/* For longer than a kill may wait, in memory that is its own. */
	READS_TOO_MUCH,
	/* More than its manifest has; and names that a terminal would obey. */
	HOARDS_FILES,
	HOARDS_LISTS,
	MAKES_WHAT_A_TERMINAL_OBEYS,
	/* How it began and ended. */
	ENTERS_TWICE,
	STARTS_TWICE,
	CLAIMS_TO_BE_KILLED,
	CLAIMS_TO_BE_STOPPED,
	MESSAGE_FROM_KERNEL,
	MESSAGE_FROM_FLASH,
	PANICS_THE_KERNEL,
	/* By a call that is open, what is not for it. */
	GIVES_SEMAPHORE_OF_KERNEL,
	GIVES_WHAT_IS_NONE,
	/* The kernel's own system calls. */
	ABORTS_NEIGHBOUR,
	SUSPENDS_REAPER,
	OPENS_SOCKET,
	USES_SOCKET_OF_HOST,
	/* Those that ask for no permission. */
	LOGS_MEMORY_OF_KERNEL,
	LOGS_NOWHERE,
	LOGS_INTO_KERNEL,
	PANICS_THE_LOG,
	EMPTIES_THE_LOG,
	FILTERS_THE_LOG,
	SETS_THE_CLOCK,
	PRINTS,
	READS_THE_TIME,
	ABORTS_ITSELF,
	SUSPENDS_ITSELF,
	SLEEPS_FOR_EVER,
	ATTACKS,
};

/** What the next app does before its first instruction, in place of the engine. */
extern enum attack attack;

/** Whether it was in user mode. */
extern bool was_in_user_mode;

/** Which function the attacks by a frame ask for. */
extern uint32_t frame_number;

/** Where an app says that it was as it ended. */
#define PLACE 0x1234

/** Its last words: a character in more bytes than it takes, half of a pair, one behind the last,
 * and a good one. */
#define NO_TEXT "\340\202\241 \355\240\200 \364\220\200\200 \303\274"

/** What is attacked in the kernel's memory. */
extern uint32_t in_kernel;

/** One for the firmware, and one that it has made everybody's. */
extern struct k_sem of_kernel;
extern struct k_sem for_all;

/** Whom it attacks. */
extern struct zephyr_wasm_app *neighbour;

#define IN_KERNEL 0x5afe5afe

/** The attacks of quotas.c. */
void hoard(enum attack which);

/** Those of files.c. */
void commit_on_files(enum attack which);
/** What is granted of files; faults if any of it is refused. */
void use_files(void);
/** What the neighbour has open. */
void hold_files(void);

/** Has the next app be the neighbour that holds files. */
extern bool holds_files;

/** The card, and whether what no attack may change is as it was. */
void card_begin(void);
bool card_is_whole(void);

/** Those of by_kernel.c. */
void commit_by_kernel(enum attack which);
void send_by_kernel(void);

/** Those of believed.c. */
void receive_into_thread(void);
void ask_over_thread(void);
void fault_on(uintptr_t top);
void fault_twice(uintptr_t top);
void read_text_nowhere(void);
void ask_under_a_condition(void);
void ask_on_shared_stack(void);
void ask_at_the_end_of_stack(void);
void ask_nowhere(void);

#endif /* TESTS_USER_MODE_ATTACKS_H_ */
