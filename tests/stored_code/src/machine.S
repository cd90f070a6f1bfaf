/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The code of an app that no compiler of ours would write. It says of itself what is before it in its file, and then does what the
 * number behind it says. forge.py makes a file of each.
 */

#define TELL 0
#define CALL 2

#ifdef __arm__

	.syntax unified
	.thumb
	.global _start
_start:
entry:
	cbz	r0, tell
	cmp	r0, #CALL
	bne	done
	ldr	r2, which
	tbb	[pc, r2]
table:
	.byte	(attack_0 - table) / 2, (attack_1 - table) / 2, (attack_2 - table) / 2, (attack_3 - table) / 2
	.byte	(attack_4 - table) / 2, (attack_5 - table) / 2, (attack_6 - table) / 2, (attack_7 - table) / 2
	.byte	(attack_8 - table) / 2, (attack_9 - table) / 2, (attack_10 - table) / 2, (attack_11 - table) / 2
	.byte	(attack_12 - table) / 2, (attack_13 - table) / 2
tell:
	push	{r4, lr}
	adr.w	r1, entry
	subs	r1, #40
	movs	r0, #10
next:
	ldr	r4, [r1], #4
	str	r4, [r3], #4
	subs	r0, #1
	bne	next
	pop	{r4, lr}
done:
	movs	r0, #0
	bx	lr
/* Never ends. */
attack_0:	b	.
/* Takes the kernel's rights, and the interrupts. */
attack_1:	movs	r0, #0
	msr	control, r0
	isb
	cpsid	i
	cpsid	f
	msr	basepri, r0
	b	.
/* Goes on in the kernel's data. */
attack_2:	movw	r0, #0x0101
	movt	r0, #0x2000
	bx	r0
/* Writes its own file. */
attack_3:	adr.w	r0, entry
	str	r0, [r0]
	b	attack_0
/* Turns the protection off. */
attack_4:	movw	r0, #0xed94
	movt	r0, #0xe000
	movs	r1, #0
	str	r1, [r0]
	b	attack_0
/* Has the kernel switch threads. */
attack_5:	svc	#0
	b	attack_0
/* Has the kernel call it, with the kernel's rights. */
attack_6:	adr.w	r0, attack_1
	adds	r0, #1
	movs	r1, #0
	svc	#1
	b	attack_0
/* Has the kernel panic. */
attack_7:	movs	r0, #4
	svc	#2
	b	attack_0
/* Calls what is no function of the kernel's. */
attack_8:	movw	r6, #0xffff
	svc	#3
	b	attack_0
attack_9:	svc	#255
	b	attack_0
/* Returns no trap that there is. */
attack_10:	movw	r0, #0xbeef
	movt	r0, #0xdead
	bx	lr
/* Returns as an interrupt would. */
attack_11:	mvn	r0, #6
	bx	r0
/* Stops for a debugger. */
attack_12:	bkpt	#0
	b	attack_0
/* Has its stack in the kernel's data. */
attack_13:	movw	r0, #0x1000
	movt	r0, #0x2000
	mov	sp, r0
	push	{r0-r7}
	b	attack_0
	.balign 8

#else

	.global _start
_start:
entry:
	beqz	a0, tell
	addi	a0, a0, -CALL
	bnez	a0, done
	lla	t0, which
	lw	t1, 0(t0)
	slli	t1, t1, 2
	lla	t0, table
	add	t0, t0, t1
	jr	t0
	.option push
	.option norvc
table:
	j	attack_0
	j	attack_1
	j	attack_2
	j	attack_3
	j	attack_4
	j	attack_5
	j	attack_6
	j	attack_7
	j	attack_8
	j	attack_9
	j	attack_10
	j	attack_11
	j	attack_12
	j	attack_13
	.option pop
tell:
	lla	t0, entry
	addi	t0, t0, -40
	li	t1, 10
next:
	lw	t2, 0(t0)
	sw	t2, 0(a3)
	addi	t0, t0, 4
	addi	a3, a3, 4
	addi	t1, t1, -1
	bnez	t1, next
done:
	li	a0, 0
	ret
/* Never ends. */
attack_0:	j	attack_0
/* Takes the kernel's rights, and the interrupts. */
attack_1:	csrw	mstatus, zero
	j	attack_0
/* Goes on in the kernel. */
attack_2:	li	t0, 0x80000000
	jr	t0
/* Writes its own file. */
attack_3:	lla	t0, entry
	sw	t0, 0(t0)
	j	attack_0
/* Turns the protection off. */
attack_4:	csrw	pmpcfg0, zero
	j	attack_0
/* Returns from an interrupt. */
attack_5:	mret
	j	attack_0
/* Has the kernel call it, with the kernel's rights. */
attack_6:	li	t0, 1
	lla	a0, attack_1
	li	a1, 0
	ecall
	j	attack_0
/* Has the kernel panic. */
attack_7:	li	t0, 0
	li	a0, 4
	li	a7, -1
	ecall
	j	attack_0
/* Calls what is no function of the kernel's. */
attack_8:	li	a7, 0xffff
	ecall
	j	attack_0
attack_9:	sret
	j	attack_0
/* Returns no trap that there is. */
attack_10:	li	a0, 0xdeadbeef
	ret
/* Has its trap handled by itself. */
attack_11:	lla	t0, attack_0
	csrw	mtvec, t0
	j	attack_0
/* Stops for a debugger. */
attack_12:	ebreak
	j	attack_0
/* Has its stack in the kernel's data. */
attack_13:	li	sp, 0x80001000
	sw	zero, -4(sp)
	j	attack_0
	.balign 8

#endif

/* How many there are; in a file, which of them. */
	.word	0
which:
	.word	14
