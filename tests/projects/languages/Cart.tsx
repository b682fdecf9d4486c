import React from 'react';

export const Price = ({ amount }: Props) => <b>{format(amount)}</b>;

export function Cart(props: Props) {
  const handleAdd = () => add(props.item);
  return (
    <Panel.Row>
      <Price amount={1} />
      <button onClick={handleAdd}>Add</button>
    </Panel.Row>
  );
}

export default memo(() => <Cart />);
