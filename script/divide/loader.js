// The end of the page's glue, in which `wasm` is what the page's own wasm exports: loads the rest.
const import1 = {
    async __wasm_split_load_rest(callback, data) {
        let loaded = false;
        try {
            const answer = await fetch(new URL('REST_FILE', import.meta.url));
            if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
            await WebAssembly.instantiate(await answer.arrayBuffer(), { __wasm_split: wasm });
            loaded = true;
        } catch (error) {
            console.error(error);
        }
        wasm.__indirect_function_table.get(callback)(data, loaded);
    },
};
