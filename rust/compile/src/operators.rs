//! Which instruction is what.

use crate::constant::Constant;
use crate::error::Error;
use crate::function::Function;
use crate::operand::Operand;
use crate::types::Type::{self, F32, F64, I32, I64};
use wasmparser::Operator;
use wasmparser::Operator::*;

impl<'a> Function<'_, 'a> {
    /// Translates an instruction.
    pub fn operator(&mut self, operator: &Operator<'a>) -> Result<(), Error> {
        if let Some(open) = self.unreachable
            && !self.skip(operator, open)
        {
            return Ok(());
        }
        let is_known = self.control(operator)?
            || self.access_memory(operator)
            || self.access_table(operator)
            || self.integer(operator)
            || self.float(operator)
            || self.convert(operator);
        if !is_known {
            return Err(Error::refused(format!("the instruction {operator:?} cannot be compiled")));
        }
        Ok(())
    }

    /// Looks for the end of what nothing gets to. Tells whether this is it.
    fn skip(&mut self, operator: &Operator<'_>, open: usize) -> bool {
        match operator {
            Block { .. } | Loop { .. } | If { .. } => self.unreachable = Some(open + 1),
            End if open > 0 => self.unreachable = Some(open - 1),
            End | Else => return open == 0,
            _ => {}
        }
        false
    }

    fn control(&mut self, operator: &Operator<'a>) -> Result<bool, Error> {
        match operator {
            Nop => {}
            Unreachable => self.unreachable(),
            Block { blockty } => self.block(*blockty)?,
            Loop { blockty } => self.begin_loop(*blockty)?,
            If { blockty } => self.begin_if(*blockty)?,
            Else => self.begin_else(),
            End => self.end(),
            Br { relative_depth } => self.branch(*relative_depth),
            BrIf { relative_depth } => self.branch_if(*relative_depth),
            BrTable { targets } => self.branch_table(targets)?,
            Return => self.return_all(),
            Call { function_index } => self.call(*function_index),
            CallIndirect { type_index, table_index } => self.call_indirect(*type_index, *table_index),
            Drop => drop(self.pop()),
            Select | TypedSelect { .. } => self.select(),
            LocalGet { local_index } => self.local_get(*local_index),
            LocalSet { local_index } => self.local_set(*local_index),
            LocalTee { local_index } => self.local_tee(*local_index),
            GlobalGet { global_index } => self.global_get(*global_index),
            GlobalSet { global_index } => self.global_set(*global_index),
            I32Const { value } => self.constant(Constant::i32(value.cast_unsigned())),
            I64Const { value } => self.constant(Constant::i64(value.cast_unsigned())),
            F32Const { value } => self.constant(Constant::f32(value.bits())),
            F64Const { value } => self.constant(Constant::f64(value.bits())),
            RefNull { .. } => self.constant(Constant::reference(None)),
            RefFunc { function_index } => self.constant(Constant::reference(Some(*function_index))),
            RefIsNull => self.ref_is_null(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn constant(&mut self, constant: Constant) {
        self.push(Operand::constant(constant));
    }

    fn access_memory(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            I32Load { memarg } => self.load(I32, "u32", 4, *memarg),
            I64Load { memarg } => self.load(I64, "u64", 8, *memarg),
            F32Load { memarg } => self.load(F32, "f32", 4, *memarg),
            F64Load { memarg } => self.load(F64, "f64", 8, *memarg),
            I32Load8S { memarg } => self.load(I32, "s8", 1, *memarg),
            I32Load8U { memarg } => self.load(I32, "u8", 1, *memarg),
            I32Load16S { memarg } => self.load(I32, "s16", 2, *memarg),
            I32Load16U { memarg } => self.load(I32, "u16", 2, *memarg),
            I64Load8S { memarg } => self.load(I64, "s8", 1, *memarg),
            I64Load8U { memarg } => self.load(I64, "u8", 1, *memarg),
            I64Load16S { memarg } => self.load(I64, "s16", 2, *memarg),
            I64Load16U { memarg } => self.load(I64, "u16", 2, *memarg),
            I64Load32S { memarg } => self.load(I64, "s32", 4, *memarg),
            I64Load32U { memarg } => self.load(I64, "u32", 4, *memarg),
            I32Store { memarg } | I64Store32 { memarg } => self.store("u32", 4, *memarg),
            I64Store { memarg } => self.store("u64", 8, *memarg),
            F32Store { memarg } => self.store("f32", 4, *memarg),
            F64Store { memarg } => self.store("f64", 8, *memarg),
            I32Store8 { memarg } | I64Store8 { memarg } => self.store("u8", 1, *memarg),
            I32Store16 { memarg } | I64Store16 { memarg } => self.store("u16", 2, *memarg),
            MemorySize { .. } => self.memory_size(),
            MemoryGrow { .. } => self.memory_grow(),
            MemoryFill { .. } => self.memory_fill(),
            MemoryCopy { .. } => self.memory_copy(),
            MemoryInit { data_index, .. } => self.memory_init(*data_index),
            DataDrop { data_index } => self.data_drop(*data_index),
            _ => return false,
        }
        true
    }

    fn access_table(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            TableGet { table } => self.table_get(*table),
            TableSet { table } => self.table_set(*table),
            TableSize { table } => self.table_size(*table),
            TableGrow { table } => self.table_grow(*table),
            TableFill { table } => self.table_fill(*table),
            TableCopy { dst_table, src_table } => self.table_copy(*dst_table, *src_table),
            TableInit { table, elem_index } => self.table_init(*table, *elem_index),
            ElemDrop { elem_index } => self.elem_drop(*elem_index),
            _ => return false,
        }
        true
    }

    fn integer(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            I32Eqz | I64Eqz => self.is_zero(),
            I32Eq | I64Eq | F32Eq | F64Eq => self.compare("==", false),
            I32Ne | I64Ne | F32Ne | F64Ne => self.compare("!=", false),
            I32LtS | I64LtS => self.compare("<", true),
            I32LtU | I64LtU | F32Lt | F64Lt => self.compare("<", false),
            I32GtS | I64GtS => self.compare(">", true),
            I32GtU | I64GtU | F32Gt | F64Gt => self.compare(">", false),
            I32LeS | I64LeS => self.compare("<=", true),
            I32LeU | I64LeU | F32Le | F64Le => self.compare("<=", false),
            I32GeS | I64GeS => self.compare(">=", true),
            I32GeU | I64GeU | F32Ge | F64Ge => self.compare(">=", false),
            I32Clz => self.apply(I32, "i32_clz"),
            I32Ctz => self.apply(I32, "i32_ctz"),
            I32Popcnt => self.apply(I32, "i32_popcnt"),
            I64Clz => self.apply(I64, "i64_clz"),
            I64Ctz => self.apply(I64, "i64_ctz"),
            I64Popcnt => self.apply(I64, "i64_popcnt"),
            I32Add | I64Add | F32Add | F64Add => self.infix("+"),
            I32Sub | I64Sub | F32Sub | F64Sub => self.infix("-"),
            I32Mul | I64Mul | F32Mul | F64Mul => self.infix("*"),
            I32And | I64And => self.infix("&"),
            I32Or | I64Or => self.infix("|"),
            I32Xor | I64Xor => self.infix("^"),
            I32DivS | I64DivS => self.divide("/", true),
            I32DivU | I64DivU => self.divide("/", false),
            I32RemS | I64RemS => self.divide("%", true),
            I32RemU | I64RemU => self.divide("%", false),
            I32Shl | I64Shl => self.shift("<<", false),
            I32ShrS | I64ShrS => self.shift(">>", true),
            I32ShrU | I64ShrU => self.shift(">>", false),
            I32Rotl => self.combine("i32_rotl"),
            I32Rotr => self.combine("i32_rotr"),
            I64Rotl => self.combine("i64_rotl"),
            I64Rotr => self.combine("i64_rotr"),
            _ => return false,
        }
        true
    }

    fn float(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            F32Abs => self.apply(F32, "f32_abs"),
            F32Neg => self.apply(F32, "f32_neg"),
            F32Ceil => self.apply(F32, "f32_ceil"),
            F32Floor => self.apply(F32, "f32_floor"),
            F32Trunc => self.apply(F32, "f32_trunc"),
            F32Nearest => self.apply(F32, "f32_nearest"),
            F32Sqrt => self.apply(F32, "f32_sqrt"),
            F32Div | F64Div => self.infix("/"),
            F32Min => self.combine("f32_min"),
            F32Max => self.combine("f32_max"),
            F32Copysign => self.combine("f32_copysign"),
            F64Abs => self.apply(F64, "f64_abs"),
            F64Neg => self.apply(F64, "f64_neg"),
            F64Ceil => self.apply(F64, "f64_ceil"),
            F64Floor => self.apply(F64, "f64_floor"),
            F64Trunc => self.apply(F64, "f64_trunc"),
            F64Nearest => self.apply(F64, "f64_nearest"),
            F64Sqrt => self.apply(F64, "f64_sqrt"),
            F64Min => self.combine("f64_min"),
            F64Max => self.combine("f64_max"),
            F64Copysign => self.combine("f64_copysign"),
            _ => return false,
        }
        true
    }

    fn convert(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            I32WrapI64 => self.cast(I32, "(uint32_t)"),
            I64ExtendI32S | I64Extend32S => self.cast(I64, "(uint64_t)(int32_t)"),
            I64ExtendI32U => self.cast(I64, "(uint64_t)"),
            I32Extend8S => self.cast(I32, "(uint32_t)(int8_t)"),
            I32Extend16S => self.cast(I32, "(uint32_t)(int16_t)"),
            I64Extend8S => self.cast(I64, "(uint64_t)(int8_t)"),
            I64Extend16S => self.cast(I64, "(uint64_t)(int16_t)"),
            F32ConvertI32S => self.cast(F32, "(float)(int32_t)"),
            F32ConvertI64S => self.cast(F32, "(float)(int64_t)"),
            F32ConvertI32U | F32ConvertI64U => self.cast(F32, "(float)"),
            F64ConvertI32S => self.cast(F64, "(double)(int32_t)"),
            F64ConvertI64S => self.cast(F64, "(double)(int64_t)"),
            F64ConvertI32U | F64ConvertI64U => self.cast(F64, "(double)"),
            F32DemoteF64 => self.apply(F32, "f32_demote_f64"),
            F64PromoteF32 => self.apply(F64, "f64_promote_f32"),
            I32ReinterpretF32 => self.apply(I32, "f32_bits"),
            I64ReinterpretF64 => self.apply(I64, "f64_bits"),
            F32ReinterpretI32 => self.apply(F32, "f32_of"),
            F64ReinterpretI64 => self.apply(F64, "f64_of"),
            I32TruncF32S => self.truncate(I32, "F32_FITS_I32_S", true),
            I32TruncF32U => self.truncate(I32, "F32_FITS_I32_U", false),
            I32TruncF64S => self.truncate(I32, "F64_FITS_I32_S", true),
            I32TruncF64U => self.truncate(I32, "F64_FITS_I32_U", false),
            I64TruncF32S => self.truncate(I64, "F32_FITS_I64_S", true),
            I64TruncF32U => self.truncate(I64, "F32_FITS_I64_U", false),
            I64TruncF64S => self.truncate(I64, "F64_FITS_I64_S", true),
            I64TruncF64U => self.truncate(I64, "F64_FITS_I64_U", false),
            I32TruncSatF32S => self.apply(Type::I32, "i32_trunc_sat_f32_s"),
            I32TruncSatF32U => self.apply(Type::I32, "i32_trunc_sat_f32_u"),
            I32TruncSatF64S => self.apply(Type::I32, "i32_trunc_sat_f64_s"),
            I32TruncSatF64U => self.apply(Type::I32, "i32_trunc_sat_f64_u"),
            I64TruncSatF32S => self.apply(Type::I64, "i64_trunc_sat_f32_s"),
            I64TruncSatF32U => self.apply(Type::I64, "i64_trunc_sat_f32_u"),
            I64TruncSatF64S => self.apply(Type::I64, "i64_trunc_sat_f64_s"),
            I64TruncSatF64U => self.apply(Type::I64, "i64_trunc_sat_f64_u"),
            _ => return false,
        }
        true
    }
}
