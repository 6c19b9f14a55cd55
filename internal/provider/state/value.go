// SPDX-License-Identifier: MPL-2.0

package state

import (
	"bytes"
	"encoding/binary"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Value is a value as Terraform's protocol encodes it, in MessagePack.
type Value []byte

// String returns a string, or null for nil.
func String(text *string) Value {
	w := newWriter()
	w.string(text)
	return w.buffer.Bytes()
}

// Objects returns a list with an object for each item. The function attributes writes all attributes of an item's object.
func Objects[T any](items []T, attributes func(o *Object, item T)) Value {
	w := newWriter()
	_ = w.encoder.EncodeArrayLen(len(items))
	o := Object{writer: w}
	for _, item := range items {
		start := w.buffer.Len()
		w.buffer.Write([]byte{msgpcode.Map16, 0, 0}) // the count follows
		o.count = 0
		attributes(&o, item)
		binary.BigEndian.PutUint16(w.buffer.Bytes()[start+1:], o.count)
	}
	return w.buffer.Bytes()
}

// Object writes the attributes of one object, one after the other.
type Object struct {
	writer writer
	count  uint16
}

// String writes an attribute that is a string, or null for nil.
func (o *Object) String(name string, text *string) {
	o.name(name)
	o.writer.string(text)
}

// Bool writes an attribute that is a bool, or null for nil.
func (o *Object) Bool(name string, b *bool) {
	o.name(name)
	if b == nil {
		_ = o.writer.encoder.EncodeNil()
		return
	}
	_ = o.writer.encoder.EncodeBool(*b)
}

func (o *Object) name(name string) {
	o.count++
	o.writer.string(&name)
}

// writer writes to its buffer, which returns no errors.
type writer struct {
	buffer  *bytes.Buffer
	encoder *msgpack.Encoder
}

func newWriter() writer {
	buffer := new(bytes.Buffer)
	return writer{buffer, msgpack.NewEncoder(buffer)}
}

func (w writer) string(text *string) {
	if text == nil {
		_ = w.encoder.EncodeNil()
		return
	}
	_ = w.encoder.EncodeString(*text)
}
